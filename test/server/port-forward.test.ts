// Owns the wire of `virtctl port-forward` and `virtctl ssh`: the paths, the subprotocol, the bytes, the refusals.
// Must not look at QEMU; test/guests does.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { listen, type Listening } from '../../electron/server/http.ts';
import { named, vm, withRunStrategy, withUserNetwork } from '../fakes/builders.ts';
import { recordingLog } from '../fakes/recording-log.ts';
import { type Core, startCore } from './core-fixture.ts';
import { subresources } from './rows.ts';

let core: Core;
let folder: string;
let listening: Listening;
beforeEach(async () => {
  core = await startCore();
  folder = await mkdtemp(join(tmpdir(), 'vd-'));
  listening = await listen({ router: core.router, log: recordingLog(), unixSocket: join(folder, 'api.sock') });
  await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named('web'), withRunStrategy('Always'), withUserNetwork()) });
  await core.clock.settle();
});
afterEach(async () => {
  await listening.close();
  await core.close();
  await rm(folder, { recursive: true });
});

/** As kubecli opens it: the one subprotocol, binary messages. */
function dial(path: string): WebSocket {
  return new WebSocket(`ws+unix:${join(folder, 'api.sock')}:${subresources}/${path}`, ['plain.kubevirt.io'], { perMessageDeflate: false });
}

test.each([
  'virtualmachineinstances/web/portforward/22/tcp',
  'virtualmachineinstances/web/portforward/22',
  'virtualmachines/web/portforward/22/tcp',
])('%s carries bytes both ways', async (path) => {
  const socket = dial(path);
  const heard: Buffer[] = [];
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    expect(isBinary).toBe(true);
    heard.push(data);
  });
  await once(socket, 'open');
  expect(socket.protocol).toBe('plain.kubevirt.io');
  socket.send(Buffer.from('SSH-2.0-test\r\n'));
  while (!Buffer.concat(heard).includes('SSH-2.0-test\r\n')) await once(socket, 'message');
  expect(Buffer.concat(heard).toString()).toBe('22\nSSH-2.0-test\r\n');
  socket.close();
  await once(socket, 'close');
});

test.each([
  { path: 'virtualmachineinstances/web/portforward/0/tcp', status: 400, says: '0 is not a port' },
  { path: 'virtualmachineinstances/web/portforward/70000', status: 400, says: '70000 is not a port' },
  { path: 'virtualmachineinstances/web/portforward/ssh', status: 400, says: 'ssh is not a port' },
  { path: 'virtualmachineinstances/web/portforward/22/sctp', status: 400, says: 'unknown protocol: sctp' },
  { path: 'virtualmachineinstances/gone/portforward/22/tcp', status: 404, says: 'virtualmachineinstances.kubevirt.io "gone" not found' },
])('$path is refused before the upgrade', async ({ path, status, says }) => {
  const socket = dial(path);
  socket.on('error', () => undefined);
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, AsyncIterable<Buffer> & { statusCode: number }];
  const body: Buffer[] = [];
  for await (const chunk of answer) body.push(chunk);
  expect([answer.statusCode, (JSON.parse(Buffer.concat(body).toString()) as { message: string }).message]).toEqual([status, says]);
});

test('a paused machine takes no connection', async () => {
  const key = { resource: 'virtualmachineinstances.kubevirt.io', namespace: 'default', name: 'web' };
  await core.engine.act('pause', key);
  await core.clock.settle();
  await expect(core.engine.openGuestPort(key, { protocol: 'tcp', port: 22 })).rejects.toThrow('VMI is paused');
});

test('an ordinary request is told to open a WebSocket', async () => {
  const caller = { name: 'test', transport: 'direct', role: 'admin' } as const;
  const answer = await core.router.handle(
    new Request(`http://virtdeck${subresources}/virtualmachineinstances/web/portforward/22/tcp`),
    caller,
  );
  expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
    400,
    'portforward is a stream: connect with a WebSocket, protocol plain.kubevirt.io or binary',
  ]);
});
