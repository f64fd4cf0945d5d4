// Owns the proof that the window's end of a message port reads no faster, and writes no more, than it may.
// Must not test the router's end; the server suite does, with this same client.
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ClientFrame, frameWindowBytes, type ServerFrame } from '../../../electron/api/frames.ts';
import { portTransport } from '../../../renderer/client/port.ts';
import type { Transport } from '../../../renderer/client/transport.ts';

interface Peer {
  readonly transport: Transport;
  readonly heard: ClientFrame[];
  readonly say: (...frames: readonly ServerFrame[]) => void;
  /** Waits until what was heard satisfies `wanted`. */
  readonly until: (wanted: (heard: readonly ClientFrame[]) => boolean) => Promise<void>;
}

const open: { close(): void }[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function peer(): Peer {
  const { port1, port2 } = new MessageChannel();
  open.push(port1);
  const heard: ClientFrame[] = [];
  port1.on('message', (frame: ClientFrame) => heard.push(frame));
  return {
    transport: portTransport(port2 as unknown as MessagePort),
    heard,
    say: (...frames) => {
      for (const frame of frames) port1.postMessage(frame);
    },
    async until(wanted) {
      await vi.waitUntil(() => wanted(heard));
    },
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (chunk: Uint8Array): string => new TextDecoder().decode(chunk);
const acks = (heard: readonly ClientFrame[]): readonly number[] => heard.flatMap((frame) => (frame.type === 'ack' ? [frame.bytes] : []));

describe('a request', () => {
  test('is one frame, and its answer is a Response', async () => {
    const { transport, heard, say, until } = peer();
    const asked = transport.fetch('/x?y=1', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    await until(() => heard.length === 1);
    say(
      { type: 'response', id: 1, status: 201, headers: { 'content-type': 'text/plain' } },
      { type: 'chunk', id: 1, data: bytes('made') },
      { type: 'end', id: 1 },
    );
    const response = await asked;
    expect(heard).toEqual([
      {
        type: 'request',
        id: 1,
        method: 'POST',
        path: '/x?y=1',
        headers: { 'content-type': 'application/json' },
        body: '{}',
        streaming: false,
      },
    ]);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([201, 'text/plain', 'made']);
  });

  test('acknowledges a chunk only when it is read', async () => {
    const { transport, heard, say, until } = peer();
    const asked = transport.fetch('/watch');
    await until(() => heard.length === 1);
    say(
      { type: 'response', id: 1, status: 200, headers: {} },
      { type: 'chunk', id: 1, data: bytes('one') },
      { type: 'chunk', id: 1, data: bytes('three') },
    );
    const reader = (await asked).body!.getReader();
    await reader.read();
    await until((frames) => acks(frames).length === 1);
    expect(acks(heard)).toEqual([3]);
    await reader.read();
    await until((frames) => acks(frames).length === 2);
    expect(acks(heard)).toEqual([3, 5]);
  });

  test('that is given up is cancelled at the other end', async () => {
    const { transport, heard, until } = peer();
    const stop = new AbortController();
    const asked = transport.fetch('/slow', { signal: stop.signal });
    const failed = expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    stop.abort();
    await failed;
    await until(() => heard.some(({ type }) => type === 'cancel'));
  });

  test('fails when the other end is gone', async () => {
    const { transport } = peer();
    const asked = transport.fetch('/x');
    const failed = expect(asked).rejects.toMatchObject({ name: 'TransportError' });
    for (const port of open.splice(0)) port.close();
    await failed;
  });

  test('sends a file in pieces, no more than a window ahead', async () => {
    const { transport, heard, say, until } = peer();
    const file = new Blob([new Uint8Array(3 * frameWindowBytes)]);
    const asked = transport.fetch('/upload', { method: 'PUT', body: file });
    const sent = (): number => heard.reduce((sum, frame) => sum + (frame.type === 'chunk' ? frame.data.byteLength : 0), 0);
    await until(() => sent() >= frameWindowBytes);
    expect(sent()).toBe(frameWindowBytes);
    let acked = 0;
    while (!heard.some(({ type }) => type === 'end')) {
      const before = sent();
      say({ type: 'ack', id: 1, bytes: before - acked });
      acked = before;
      await until((frames) => sent() > before || frames.some(({ type }) => type === 'end'));
    }
    expect(sent()).toBe(3 * frameWindowBytes);
    say({ type: 'response', id: 1, status: 200, headers: {} }, { type: 'end', id: 1 });
    expect((await asked).status).toBe(200);
  });
});

describe('a channel', () => {
  test('keeps what is written before it is open', async () => {
    const { transport, heard, say, until } = peer();
    const channel = transport.open('/console');
    expect(channel.write(bytes('early'))).toBe(false);
    await until(() => heard.length === 1);
    say({ type: 'opened', id: 1 });
    await until(() => heard.length === 2);
    expect(heard).toEqual([
      { type: 'open', id: 1, path: '/console', protocol: 'plain.kubevirt.io' },
      { type: 'chunk', id: 1, data: bytes('early') },
    ]);
  });

  test('delivers nothing, and acknowledges nothing, while it is paused', async () => {
    const { transport, heard, say, until } = peer();
    const channel = transport.open('/console');
    const seen: string[] = [];
    channel.onData((chunk) => void seen.push(text(chunk)));
    channel.pause();
    const closed = new Promise<string | undefined>((resolve) => channel.onClose(resolve));
    say({ type: 'opened', id: 1 }, { type: 'chunk', id: 1, data: bytes('a') }, { type: 'chunk', id: 1, data: bytes('b') });
    channel.write(bytes('x'));
    await until((frames) => frames.some(({ type }) => type === 'chunk'));
    expect({ seen: [...seen], acks: acks(heard) }).toEqual({ seen: [], acks: [] });
    say({ type: 'end', id: 1, reason: 'The guest is off.' });
    channel.resume();
    expect(await closed).toBe('The guest is off.');
    expect(seen).toEqual(['a', 'b']);
  });

  test('says no when a window is full, and drains when it is acknowledged', async () => {
    const { transport, say, until, heard } = peer();
    const channel = transport.open('/console');
    await until(() => heard.length === 1);
    say({ type: 'opened', id: 1 });
    channel.write(new Uint8Array(frameWindowBytes));
    await until(() => heard.length === 2);
    const full = [new Uint8Array(1), new Uint8Array(1)].map((chunk) => channel.write(chunk));
    expect(full).toEqual([false, false]);
    const drained = new Promise<void>((resolve) => channel.onDrain(resolve));
    say({ type: 'ack', id: 1, bytes: frameWindowBytes });
    await drained;
    await until((frames) => frames.filter(({ type }) => type === 'chunk').length === 3);
  });

  test('that is refused closes with the words of the Status', async () => {
    const { transport, say, until, heard } = peer();
    const channel = transport.open('/console');
    const closed = new Promise<string | undefined>((resolve) => channel.onClose(resolve));
    await until(() => heard.length === 1);
    const status = JSON.stringify({ kind: 'Status', message: 'VMI is not running' });
    say(
      { type: 'response', id: 1, status: 409, headers: {} },
      { type: 'chunk', id: 1, data: bytes(status.slice(0, 10)) },
      { type: 'chunk', id: 1, data: bytes(status.slice(10)) },
      { type: 'end', id: 1 },
    );
    expect(await closed).toBe('VMI is not running');
  });
});
