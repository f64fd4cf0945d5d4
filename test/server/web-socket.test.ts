// Owns WebSockets beside consoles: watches as messages, handshakes that fail, and answers that break off.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { listen, type Listening } from '../../electron/server/http.ts';
import type { RecordingLog } from '../fakes/recording-log.ts';
import { recordingLog } from '../fakes/recording-log.ts';
import { named, vm } from '../fakes/builders.ts';
import { ask } from './carriers.ts';
import { type Core, startCore } from './core-fixture.ts';
import { own, subresources, vms } from './rows.ts';
import { type ScriptedChannel, scriptedChannel } from './scripted-channel.ts';

let core: Core;
let folder: string;
let socketPath: string;
let listening: Listening;
let log: RecordingLog;
let guest: ScriptedChannel;
const consolePath = `${subresources}/virtualmachineinstances/web/console`;

beforeEach(async () => {
  guest = scriptedChannel();
  core = await startCore({
    override: () => ({
      openConsole: async () => guest,
      catalog: async () => {
        throw new Error('a bug of ours');
      },
    }),
  });
  folder = await mkdtemp(join(tmpdir(), 'vd-'));
  socketPath = join(folder, 'api.sock');
  log = recordingLog();
  listening = await listen({ router: core.router, log, unixSocket: socketPath });
});
afterEach(async () => {
  await listening.close();
  await core.close();
  await rm(folder, { recursive: true });
});

function socket(path: string): WebSocket {
  return new WebSocket(`ws+unix:${socketPath}:${path}`, { perMessageDeflate: false });
}

/** Sends text as it is and reads what comes until the other end closes. */
async function raw(text: string): Promise<string> {
  const line = connect(socketPath);
  line.end(text);
  let heard = '';
  line.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  await once(line, 'close');
  return heard;
}

test('a watch is one message an event, and ends with the socket', async () => {
  await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named('web')) });
  const client = socket(`${vms}?watch=true`);
  const messages: { type: string; object: { metadata: { name: string } } }[] = [];
  client.on('message', (data: Buffer, isBinary: boolean) => {
    expect(isBinary).toBe(false);
    messages.push(JSON.parse(data.toString()) as (typeof messages)[number]);
  });
  while (messages.length === 0) await once(client, 'message');
  await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named('api')) });
  while (!messages.some(({ object }) => object.metadata.name === 'api')) await once(client, 'message');
  expect(messages.map(({ type }) => type).slice(0, 1)).toEqual(['ADDED']);
  expect(core.subscriptions()).toBe(1);
  client.close();
  await once(client, 'close');
  while (core.subscriptions() > 0) await new Promise<void>((resolve) => setImmediate(resolve));
});

test('usage is a watch, too', async () => {
  const client = socket(`${own}/usage?watch=true`);
  await once(client, 'open');
  const next = once(client, 'message');
  await core.clock.advance(1_000);
  expect(JSON.parse(String((await next)[0]))).toEqual({ machines: [] });
  client.terminate();
});

test.each([
  { name: 'a list', path: vms, status: 400 },
  { name: 'a watch of nothing', path: `${vms}x?watch=true`, status: 404 },
  { name: 'a bad selector', path: `${vms}?watch=true&labelSelector=a%20b`, status: 400 },
])('$name is answered, not upgraded', async ({ path, status }) => {
  const client = socket(path);
  client.on('error', () => undefined);
  const [, answer] = (await once(client, 'unexpected-response')) as [unknown, { statusCode: number; headers: Record<string, string> }];
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/json']);
});

test('a handshake that is none closes the console it had opened', async () => {
  const heard = await raw(
    `GET ${consolePath} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: no\r\n\r\n`,
  );
  expect(heard).toMatch(/^HTTP\/1\.1 400 /);
  while (guest.closed === undefined) await guest.moved();
});

test('another upgrade is an ordinary request', async () => {
  const heard = await raw('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n');
  expect(heard).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*ok$/);
});

test('a message that is too long ends the console with 1009, and the guest lives on', async () => {
  const client = socket(consolePath);
  await once(client, 'open');
  client.send(Buffer.alloc(5 * 1024 * 1024));
  const [code] = (await once(client, 'close')) as [number];
  while (guest.closed === undefined) await guest.moved();
  expect([code, guest.written.length]).toEqual([1009, 0]);
});

test('text is bytes, too', async () => {
  const client = socket(consolePath);
  await once(client, 'open');
  client.send('Grüße');
  while (guest.written.length === 0) await guest.moved();
  expect(Buffer.concat(guest.written).toString()).toBe('Grüße');
  client.terminate();
});

test('an answer whose body breaks off is cut, so that nobody takes the half for the whole', async () => {
  const broken = await listen({
    router: {
      handle: async () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(Buffer.from('half')),
            pull: (controller) => controller.error(new Error('the disk is gone')),
          }),
        ),
      open: () => Promise.reject(new Error('none')),
    },
    log,
    unixSocket: join(folder, 'broken.sock'),
  });
  const answer = await ask({ socketPath: join(folder, 'broken.sock'), path: '/' });
  await expect(answer.text()).rejects.toThrow();
  expect(log.lines).toEqual([{ level: 'error', message: 'A connection failed.', fields: { message: 'Error: the disk is gone' } }]);
  await broken.close();
});
