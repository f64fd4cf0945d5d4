// Owns the proof that bytes pass a WebSocket whole and in order, also when the reader is slow and memory is used again.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openVncChannel } from '../../electron/host/consoles/vnc.ts';
import { listen } from '../../electron/server/http.ts';
import type { Router } from '../../electron/server/router.ts';

const folder = mkdtempSync(join(tmpdir(), 'virtdeck-relay-'));
afterAll(() => rmSync(folder, { recursive: true }));

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const path = '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/web/vnc';
const megabyte = 1024 * 1024;

/** Bytes that differ everywhere, so that a swapped or repeated chunk is seen. */
function block(index: number): Buffer {
  const bytes = Buffer.allocUnsafe(megabyte);
  for (let at = 0; at < megabyte; at += 4) bytes.writeUInt32LE((Math.imul(index * 262_144 + at, 2_654_435_761) >>> 0) + 0, at);
  return bytes;
}

test.each([
  { reader: 'quick', pauseEvery: 0 },
  { reader: 'slow', pauseEvery: 7 },
])('32 MB arrive whole at a $reader reader', async ({ reader, pauseEvery }) => {
  const blocks = Array.from({ length: 32 }, (_, index) => block(index));
  const sent = createHash('sha256');
  for (const each of blocks) sent.update(each);
  const sourcePath = join(folder, `${reader}-source`);
  const source = net.createServer((socket) => {
    for (const each of blocks) socket.write(each);
    socket.end();
  });
  await new Promise<void>((resolve) => source.listen(sourcePath, resolve));
  const router: Router = { handle: () => Promise.resolve(new Response('', { status: 404 })), open: () => openVncChannel(sourcePath) };
  const unixSocket = join(folder, `${reader}-api`);
  const listening = await listen({ router, log, unixSocket });

  const client = new WebSocket(`ws+unix:${unixSocket}:${path}`, ['plain.kubevirt.io'], { perMessageDeflate: false });
  const received = createHash('sha256');
  let messages = 0;
  client.on('message', (data: Buffer) => {
    received.update(data);
    messages += 1;
    if (pauseEvery === 0 || messages % pauseEvery !== 0) return;
    client.pause();
    setImmediate(() => client.resume());
  });
  await new Promise<void>((resolve, reject) => {
    client.once('close', () => resolve());
    client.once('error', reject);
  });
  await listening.close();
  source.close();
  expect(received.digest('hex')).toBe(sent.digest('hex'));
});
