// Owns the wire that virtctl's own client (kubecli) speaks, over HTTPS with the credentials of a kubeconfig: console, vnc, port-forward.
// Must not go around the kubeconfig: virtctl has nothing else. Its binary cannot be had as a package, so this is a client like it.
import { KubeConfig } from '@kubernetes/client-node';
import { once } from 'node:events';
import type { RequestOptions } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { KubeObject } from '../../electron/api/object.ts';
import { named, vm, withRunStrategy, withUserNetwork } from '../fakes/builders.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

const subresources = '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances';
let core: ServingCore;
const config = new KubeConfig();
beforeAll(async () => {
  core = await serveCore();
  config.loadFromFile(core.kubeconfigs.admin);
  const running = new Promise<void>((resolve) => {
    const stop = core.engine.subscribe((changes) => {
      if (changes.every(({ object }) => object.kind !== 'VirtualMachineInstance' || !isRunning(object))) return;
      stop();
      resolve();
    });
  });
  await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named('web'), withRunStrategy('Always'), withUserNetwork()) });
  await running;
});
afterAll(() => core.close());

function isRunning(object: KubeObject): boolean {
  return (object as { readonly status?: { readonly phase?: string } }).status?.phase === 'Running';
}

/** As kubecli dials: wss, the one subprotocol, no compression, the kubeconfig's TLS. */
async function dial(path: string): Promise<WebSocket> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key } = options;
  return new WebSocket(`${core.origin.replace('https', 'wss')}${subresources}/web/${path}`, ['plain.kubevirt.io'], {
    ca,
    cert,
    key,
    perMessageDeflate: false,
  });
}

interface Heard {
  readonly socket: WebSocket;
  readonly text: () => string;
}

/** kubecli reads binary messages as a stream, and treats any other as the end. */
async function open(path: string): Promise<Heard> {
  const socket = await dial(path);
  const chunks: Buffer[] = [];
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) throw new Error('a text message is the end of a stream for kubecli');
    chunks.push(data);
  });
  await once(socket, 'open');
  expect(socket.protocol).toBe('plain.kubevirt.io');
  return { socket, text: () => Buffer.concat(chunks).toString('latin1') };
}

test('console: what is typed comes back, a close is a close', async () => {
  const { socket, text } = await open('console');
  socket.send(Buffer.from('echo hello\n'));
  await expect.poll(text).toContain('echo hello\n');
  socket.close(1000);
  const [code] = (await once(socket, 'close')) as [number];
  expect(code).toBe(1000);
});

test('vnc: the RFB handshake of a viewer behind the proxy', async () => {
  const { socket, text } = await open('vnc');
  await expect.poll(text).toBe('RFB 003.008\n');
  socket.send(Buffer.from('RFB 003.008\n'));
  // One security type: none, since the socket's folder and TLS have asked already.
  await expect.poll(() => text().length).toBeGreaterThan('RFB 003.008\n'.length);
  expect([...Buffer.from(text().slice(12, 14), 'latin1')]).toEqual([1, 1]);
  socket.close();
});

/** virtctl port-forward: a listener of its own, a WebSocket for each connection. */
async function forwarded(port: number): Promise<{ readonly server: Server; readonly local: number }> {
  const server = createServer((client: Socket) => {
    void (async () => {
      const remote = await dial(`portforward/${port}/tcp`);
      remote.on('message', (data: Buffer) => client.write(data));
      remote.on('close', () => client.end());
      await once(remote, 'open');
      client.on('data', (data) => remote.send(data));
      client.on('end', () => remote.close());
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, local: typeof address === 'object' && address !== null ? address.port : 0 };
}

test('port-forward: two connections at once through a local port, each with its own bytes', async () => {
  const { server, local } = await forwarded(22);
  const talk = async (words: string): Promise<string> => {
    const socket = connect(local, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
    await once(socket, 'connect');
    await expect.poll(() => heard).toBe('22\n');
    socket.write(words);
    await expect.poll(() => heard).toBe(`22\n${words}`);
    socket.end();
    await once(socket, 'close');
    return heard;
  };
  const big = 'x'.repeat(300_000);
  expect(await Promise.all([talk('SSH-2.0-one\r\n'), talk(big)])).toEqual(['22\nSSH-2.0-one\r\n', `22\n${big}`]);
  server.close();
});

test('port-forward: a datagram is a message', async () => {
  const { socket, text } = await open('portforward/53/udp');
  socket.send(Buffer.from('question'));
  await expect.poll(text).toContain('question');
  socket.close();
});

test.each([
  { path: 'portforward/22/sctp', status: 400, says: 'unknown protocol: sctp' },
  { path: 'portforward/0/tcp', status: 400, says: '0 is not a port' },
])('$path is refused with a Status, before the upgrade', async ({ path, status, says }) => {
  const socket = await dial(path);
  socket.on('error', () => undefined);
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, AsyncIterable<Buffer> & { readonly statusCode: number }];
  const body: Buffer[] = [];
  for await (const chunk of answer) body.push(chunk);
  expect([answer.statusCode, (JSON.parse(Buffer.concat(body).toString()) as { message: string }).message]).toEqual([status, says]);
});
