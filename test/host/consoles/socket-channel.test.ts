// Owns the proof that a byte channel over a socket loses nothing and passes back-pressure on in both directions.
// Must not need QEMU.
import { once } from 'node:events';
import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openVncChannel } from '../../../electron/host/consoles/vnc.ts';
import { tempDir } from '../temp-dir.ts';
import { collect } from './collect.ts';

async function pair() {
  const path = `${tempDir()}/vnc`;
  const server = net.createServer().listen(path);
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const channel = await openVncChannel(path);
  const [peer] = (await accepted) as [net.Socket];
  onTestFinished(() => {
    peer.destroy();
    server.close();
    channel.close();
  });
  return { channel, peer };
}

test('both ways, and nothing before there is a listener', async () => {
  const { channel, peer } = await pair();
  peer.write('RFB 003.008\n');
  const got = collect(channel);
  channel.write(Buffer.from('RFB 003.008\n'));
  const [answer] = (await once(peer, 'data')) as [Buffer];
  await expect.poll(got.text).toBe('RFB 003.008\n');
  expect(answer.toString()).toBe('RFB 003.008\n');
});

test('a reader that pauses stops the writer, and loses nothing', async () => {
  const { channel, peer } = await pair();
  const got = collect(channel);
  channel.pause();
  const block = Buffer.alloc(1 << 20, 'x');
  let written = 0;
  while (peer.write(block)) written += block.length;
  written += block.length;
  expect(got.length()).toBe(0);
  const drained = once(peer, 'drain');
  channel.resume();
  await drained;
  await expect.poll(got.length).toBe(written);
});

test('a peer that does not read is felt by write, and its reading by drain', async () => {
  const { channel, peer } = await pair();
  const drained = new Promise<void>((resolve) => channel.onDrain(resolve));
  const block = Buffer.alloc(1 << 20);
  let sent = block.length;
  while (channel.write(block)) sent += block.length;
  let read = 0;
  peer.on('data', (chunk: Buffer) => (read += chunk.length));
  await drained;
  await expect.poll(() => read).toBe(sent);
});

test('the end of the peer closes it; what it said last is delivered before', async () => {
  const { channel, peer } = await pair();
  const got = collect(channel);
  peer.end('bye');
  expect([await got.closed, got.text()]).toEqual([undefined, 'bye']);
  expect(channel.write(Buffer.from('too late'))).toBe(true);
});

test('closing sends what was written last', async () => {
  const { channel, peer } = await pair();
  let text = '';
  peer.on('data', (chunk: Buffer) => (text += chunk.toString()));
  channel.write(Buffer.from('key'));
  channel.close();
  await once(peer, 'end');
  expect(text).toBe('key');
});

test('nobody listens', async () => {
  await expect(openVncChannel(`${tempDir()}/none`)).rejects.toMatchObject({
    code: 'ServiceUnavailable',
    message: 'The graphics console is gone: the machine has just ended.',
  });
});
