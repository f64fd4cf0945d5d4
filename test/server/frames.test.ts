// Owns the frames themselves: windows, ids, cancellation, and what a page may not do to the core.
import { describe, expect, test } from 'vitest';
import { type ClientFrame, frameWindowBytes, type ServerFrame } from '../../electron/api/frames.ts';
import { type FramePort, serveFrames } from '../../electron/server/frames-server.ts';
import type { Router } from '../../electron/server/router.ts';
import { type ScriptedChannel, scriptedChannel } from './scripted-channel.ts';

interface TestPort {
  readonly port: FramePort;
  readonly heard: ServerFrame[];
  /** As a page sends it: anything. */
  send(frame: unknown): void;
  leave(): void;
  /** Resolves when the condition holds of what was heard. */
  until(condition: (heard: readonly ServerFrame[]) => boolean): Promise<void>;
}

function testPort(): TestPort {
  const heard: ServerFrame[] = [];
  let onMessage: (frame: unknown) => void = () => undefined;
  let onClose: () => void = () => undefined;
  return {
    heard,
    port: {
      postMessage: (frame) => void heard.push(structuredClone(frame)),
      onMessage: (listener) => (onMessage = listener),
      onClose: (listener) => (onClose = listener),
      close: () => undefined,
    },
    send: (frame) => onMessage(structuredClone(frame)),
    leave: () => onClose(),
    async until(condition) {
      while (!condition(heard)) await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

const caller = { name: 'test', transport: 'port', role: 'admin' } as const;

function serving(router: Partial<Router>): TestPort {
  const page = testPort();
  const refuse = (): never => {
    throw new Error('not asked for in this test');
  };
  serveFrames(page.port, { handle: refuse, open: refuse, ...router }, caller);
  return page;
}

function request(id: number, more: Partial<ClientFrame> = {}): object {
  return { type: 'request', id, method: 'GET', path: '/x?y=1', headers: { accept: 'a/b' }, ...more };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

test('a request is asked as it was sent, the answer is sent as it was given', async () => {
  const asked: unknown[] = [];
  const page = serving({
    async handle(incoming, by) {
      const { method, url, headers } = incoming;
      asked.push([method, url, headers.get('accept'), await incoming.text(), by]);
      return new Response('hello', { status: 201, headers: { 'content-type': 'text/plain' } });
    },
  });
  page.send(request(7, { method: 'PUT', body: 'content' }));
  await page.until((heard) => heard.some(({ type }) => type === 'end'));
  expect(asked).toEqual([['PUT', 'http://virtdeck/x?y=1', 'a/b', 'content', caller]]);
  expect(page.heard).toEqual([
    { type: 'response', id: 7, status: 201, headers: { 'content-type': 'text/plain' } },
    { type: 'chunk', id: 7, data: new Uint8Array(Buffer.from('hello')) },
    { type: 'end', id: 7 },
  ]);
});

test('a chunk carries its own bytes, not the pool they lay in', async () => {
  const page = serving({ handle: async () => new Response(Buffer.from('small')) });
  page.send(request(1));
  await page.until((heard) => heard.some(({ type }) => type === 'end'));
  // A clone takes the whole buffer along: 8 KiB if it were the pool.
  expect(page.heard.flatMap((frame) => (frame.type === 'chunk' ? [frame.data.buffer.byteLength] : []))).toEqual([5]);
});

test('the sender stops when the window is full and goes on when it is acknowledged', async () => {
  const chunk = new Uint8Array(frameWindowBytes / 4);
  let pulled = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(chunk);
        if (pulled === 20) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const page = serving({ handle: async () => new Response(body) });
  page.send(request(1));
  const chunks = (): number => page.heard.filter(({ type }) => type === 'chunk').length;
  await page.until(() => chunks() === 4);
  await turns(20);
  expect(chunks()).toBe(4);
  page.send({ type: 'ack', id: 1, bytes: chunk.byteLength });
  await page.until(() => chunks() === 5);
  await turns(20);
  expect(chunks()).toBe(5);
  page.send({ type: 'ack', id: 1, bytes: frameWindowBytes * 100 });
  await page.until((heard) => heard.at(-1)?.type !== 'chunk' || chunks() === 9);
  while (page.heard.at(-1)?.type !== 'end') {
    page.send({ type: 'ack', id: 1, bytes: frameWindowBytes });
    await turns(5);
  }
  expect(chunks()).toBe(20);
});

test('an answer that breaks off ends with the reason', async () => {
  const body = new ReadableStream({ start: (controller) => controller.error(new Error('the disk is gone')) });
  const page = serving({ handle: async () => new Response(body) });
  page.send(request(1));
  await page.until((heard) => heard.some(({ type }) => type === 'end'));
  expect(page.heard.at(-1)).toEqual({ type: 'end', id: 1, reason: 'the disk is gone' });
});

describe('giving up', () => {
  test.each([
    { how: 'by cancel', leave: (page: TestPort) => page.send({ type: 'cancel', id: 1 }) },
    { how: 'by closing the port', leave: (page: TestPort) => page.leave() },
  ])('a request, $how: the signal aborts, the body is cancelled, nothing more is said', async ({ leave }) => {
    let cancelled = false;
    let signal: AbortSignal | undefined;
    const page = serving({
      async handle(incoming) {
        signal = incoming.signal;
        return new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(Buffer.from('x')),
            cancel() {
              cancelled = true;
            },
          }),
        );
      },
    });
    page.send(request(1));
    await page.until((heard) => heard.length === 2);
    leave(page);
    await page.until(() => cancelled);
    expect([signal?.aborted, page.heard.length]).toEqual([true, 2]);
  });

  test('a console that is still being opened is closed as soon as it is there', async () => {
    const guest = scriptedChannel();
    const { promise, resolve } = Promise.withResolvers<ScriptedChannel>();
    const page = serving({ open: () => promise });
    page.send({ type: 'open', id: 1, path: '/x', protocol: 'plain.kubevirt.io' });
    page.send({ type: 'cancel', id: 1 });
    resolve(guest);
    await page.until(() => guest.closed !== undefined);
    expect(page.heard).toEqual([]);
  });
});

describe('consoles', () => {
  const open = { type: 'open', id: 3, path: '/console', protocol: 'plain.kubevirt.io' };

  test('what the guest has not taken is not acknowledged', async () => {
    const guest = scriptedChannel();
    const page = serving({ open: async () => guest });
    page.send(open);
    page.send({ type: 'chunk', id: 3, data: Buffer.from('early') });
    await page.until((heard) => heard.some(({ type }) => type === 'ack'));
    guest.full = true;
    page.send({ type: 'chunk', id: 3, data: Buffer.from('one') });
    page.send({ type: 'chunk', id: 3, data: Buffer.from('three') });
    const acks = (): readonly number[] => page.heard.flatMap((frame) => (frame.type === 'ack' ? [frame.bytes] : []));
    expect(acks()).toEqual([5]);
    guest.drains();
    expect(acks()).toEqual([5, 8]);
    expect(Buffer.concat(guest.written).toString()).toBe('earlyonethree');
  });

  test('a page that does not acknowledge pauses the guest', async () => {
    const guest = scriptedChannel();
    const page = serving({ open: async () => guest });
    page.send(open);
    await page.until((heard) => heard.some(({ type }) => type === 'opened'));
    guest.prints(new Uint8Array(frameWindowBytes - 1));
    expect(guest.paused).toBe(false);
    guest.prints(new Uint8Array(1));
    expect(guest.paused).toBe(true);
    page.send({ type: 'ack', id: 3, bytes: 1 });
    expect(guest.paused).toBe(false);
  });
});

test('nothing a page posts harms the core', async () => {
  const asked: string[] = [];
  const page = serving({
    async handle(incoming) {
      asked.push(incoming.method);
      return new Response(null, { status: 204 });
    },
  });
  const nonsense: readonly unknown[] = [
    null,
    'hello',
    42,
    [],
    {},
    { type: 'request' },
    { type: 'request', id: 'one', method: 'GET', path: '/', headers: {} },
    { type: 'request', id: 1, method: 'GET', path: 'no-slash', headers: {} },
    { type: 'request', id: 1, method: 'GET', path: '/', headers: null },
    { type: 'chunk', id: 99, data: 'text' },
    { type: 'chunk', id: 99, data: new Uint8Array(3) },
    { type: 'ack', id: 99, bytes: 'many' },
    { type: 'end', id: 99 },
    { type: 'cancel', id: 99 },
    { type: 'open', id: 5 },
    { type: 'teleport', id: 5 },
  ];
  for (const frame of nonsense) page.send(frame);
  // A request that no Request can be made of is refused with 400, not thrown.
  page.send(request(2, { method: 'NO SUCH' }));
  page.send(request(3, { headers: { 'bad header': 'x' } }));
  page.send(request(4));
  page.send(request(4));
  await page.until((heard) => heard.filter(({ type }) => type === 'end').length === 3);
  expect(asked).toEqual(['GET']);
  const statuses = new Map(page.heard.flatMap((frame) => (frame.type === 'response' ? [[frame.id, frame.status] as const] : [])));
  expect([2, 3, 4].map((id) => statuses.get(id))).toEqual([400, 400, 204]);
  expect(page.heard.filter(({ id }) => id === 4)).toEqual([
    { type: 'response', id: 4, status: 204, headers: {} },
    { type: 'end', id: 4 },
  ]);
});
