// Owns the proof that the QMP client survives whatever comes over the socket.
// Must not need QEMU.
import { once } from 'node:events';
import net from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openQmp } from '../../../electron/host/qemu/qmp.ts';
import type { QmpEvent, QmpSession } from '../../../electron/host/qemu/qmp.ts';
import { tempDir } from '../temp-dir.ts';
import { greeting, startFakeQmp } from './fake-qmp.ts';
import type { FakeQmp } from './fake-qmp.ts';

interface Opened {
  readonly fake: FakeQmp;
  readonly qmp: QmpSession;
  readonly events: QmpEvent[];
  readonly nextEvent: () => Promise<QmpEvent>;
}

async function open(options: Omit<Parameters<typeof startFakeQmp>[0], 'path'> = {}): Promise<Opened> {
  const fake = await startFakeQmp({ path: `${tempDir()}/qmp`, ...options });
  onTestFinished(() => fake.close());
  const events: QmpEvent[] = [];
  let wake: ((event: QmpEvent) => void) | undefined;
  const qmp = await openQmp({
    socketPath: fake.path,
    timeoutMs: 5_000,
    onEvent: (event) => {
      events.push(event);
      wake?.(event);
    },
  });
  return { fake, qmp, events, nextEvent: () => new Promise((resolve) => (wake = resolve)) };
}

describe('a session', () => {
  test('greets, negotiates, answers', async () => {
    const { fake, qmp } = await open({ answer: ({ id }) => `{"return": {"status": "running"}, "id": ${id}}\r\n` });
    expect({ version: qmp.version, answer: await qmp.execute('query-status', { a: 1 }), asked: fake.asked }).toEqual({
      version: { major: 7, minor: 2, micro: 22, package: 'Debian 1:7.2' },
      answer: { status: 'running' },
      asked: [{ execute: 'query-status', arguments: { a: 1 }, id: 2 }],
    });
  });

  test('answers find their question by id, in whatever order', async () => {
    const { fake, qmp } = await open();
    const answers = Promise.all([qmp.execute('a'), qmp.execute('b'), qmp.execute('c')]);
    fake.send('{"return": "third", "id": 4}\n{"return": "first", "id": 2}\n{"return": "second", "id": 3}\n');
    expect(await answers).toEqual(['first', 'second', 'third']);
  });

  test("a refusal carries QEMU's words and class", async () => {
    const { qmp } = await open({
      answer: ({ id }) => `{"id": ${id}, "error": {"class": "DeviceNotFound", "desc": "Device 'd' not found"}}\n`,
    });
    await expect(qmp.execute('device_del', { id: 'd' })).rejects.toMatchObject({
      code: 'QmpFailed',
      message: "QEMU refused device_del: Device 'd' not found.",
      cause: { class: 'DeviceNotFound' },
    });
  });

  test('a command that is not answered times out; its late answer harms nobody', async () => {
    const { fake, qmp, nextEvent } = await open();
    await expect(qmp.execute('slow', undefined, 20)).rejects.toMatchObject({
      code: 'QmpTimeout',
      message: 'QEMU did not answer slow within 0.02 s.',
    });
    const event = nextEvent();
    fake.send('{"return": "late", "id": 2}\n{"event": "STOP", "timestamp": {"seconds": 12, "microseconds": 345678}}\n');
    expect(await event).toEqual({ event: 'STOP', data: {}, at: 12_345 });
  });

  test('events carry their data; a clock that QEMU could not read is no time', async () => {
    const { fake, events, nextEvent } = await open();
    const event = nextEvent();
    fake.send('{"event": "RESET", "data": {"guest": true}, "timestamp": {"seconds": -1, "microseconds": -1}}\n');
    await event;
    expect(events).toEqual([{ event: 'RESET', data: { guest: true } }]);
  });

  test('events before the greeting are not lost', async () => {
    const { events } = await open({ greeting: `{"event": "RTC_CHANGE"}\n${greeting}` });
    expect(events.map(({ event }) => event)).toEqual(['RTC_CHANGE']);
  });

  test('the end of the socket fails what was asked and what will be asked', async () => {
    const { fake, qmp } = await open();
    const asked = qmp.execute('query-status');
    fake.hangUp();
    await expect(asked).rejects.toMatchObject({ message: 'QEMU closed its control socket while it was asked for query-status.' });
    await qmp.closed;
    await expect(qmp.execute('cont')).rejects.toMatchObject({
      code: 'QmpFailed',
      message: 'QEMU closed its control socket; it cannot be asked for cont.',
    });
  });

  test('close is ours as well', async () => {
    const { qmp } = await open();
    qmp.close();
    await qmp.closed;
    await expect(qmp.execute('cont')).rejects.toMatchObject({ code: 'QmpFailed' });
  });

  test('a reply of 8 MiB in small pieces is whole', async () => {
    const text = 'x'.repeat(8 << 20);
    const { qmp } = await open({ answer: ({ id }) => `{"return": "${text}", "id": ${id}}\n` });
    expect(await qmp.execute('query-qmp-schema')).toBe(text);
    expect(qmp.recent().every((line) => line.length < 500)).toBe(true);
  });

  test('the last messages are kept, shortened', async () => {
    const { qmp } = await open({ answer: ({ id }) => `{"return": {}, "id": ${id}}\n` });
    for (let i = 0; i < 40; i += 1) await qmp.execute('query-status');
    expect(qmp.recent().slice(-2)).toEqual(['→ {"execute":"query-status","id":41}', '← {"return": {}, "id": 41}']);
    expect(qmp.recent()).toHaveLength(64);
  });
});

test('garbage between messages, in any cutting, changes no answer', async () => {
  const noise = fc.oneof(
    fc.constantFrom('', '{', 'null', '[]', '42', '{"id": 99999, "return": 1}', '{"id": "x", "error": 7}', '{"event": 5}', '\0\xff', '{}'),
    fc.string().map((text) => text.replaceAll('\n', ' ')),
  );
  const { fake, qmp, events } = await open();
  let id = 1;
  await fc.assert(
    fc.asyncProperty(
      fc.array(noise, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
      async (lines, cuts) => {
        id += 1;
        const asked = qmp.execute('query-status');
        const bytes = Buffer.from([...lines, `{"return": ${id}, "id": ${id}}`, ''].join('\r\n'));
        let at = 0;
        for (const cut of cuts) {
          fake.send(bytes.subarray(at, at + cut));
          at += cut;
        }
        fake.send(bytes.subarray(at));
        expect(await asked).toBe(id);
      },
    ),
    { numRuns: 200 },
  );
  expect(events).toEqual([]);
});

describe('opening', () => {
  test('nobody listens: the error of the system, for who tries again', async () => {
    await expect(openQmp({ socketPath: `${tempDir()}/none`, timeoutMs: 1_000, onEvent: () => undefined })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  test('somebody listens and says nothing', async () => {
    const fake = await startFakeQmp({ path: `${tempDir()}/qmp`, greeting: '' });
    onTestFinished(() => fake.close());
    await expect(openQmp({ socketPath: fake.path, timeoutMs: 30, onEvent: () => undefined })).rejects.toMatchObject({
      code: 'QmpTimeout',
      message: 'QEMU did not greet on its control socket within 0.03 s.',
    });
  });

  test('it hangs up before the greeting', async () => {
    const path = `${tempDir()}/qmp`;
    const server = net.createServer((socket) => socket.destroy()).listen(path);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    await expect(openQmp({ socketPath: path, timeoutMs: 5_000, onEvent: () => undefined })).rejects.toMatchObject({
      message: expect.stringMatching(/control socket/),
    });
  });

  test('the wait can be given up', async () => {
    const fake = await startFakeQmp({ path: `${tempDir()}/qmp`, greeting: '' });
    onTestFinished(() => fake.close());
    const abort = new AbortController();
    const opening = openQmp({ socketPath: fake.path, timeoutMs: 60_000, onEvent: () => undefined, signal: abort.signal });
    abort.abort();
    await expect(opening).rejects.toMatchObject({ message: 'The wait for QEMU was given up.' });
  });
});
