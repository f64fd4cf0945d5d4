// Owns the proof that a serial console loses nothing, doubles nothing, and never holds up the guest.
// Must not need QEMU.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { rotatedLog } from '../../../electron/host/consoles/serial-log.ts';
import { connectSerial } from '../../../electron/host/consoles/serial.ts';
import { tempDir } from '../temp-dir.ts';
import { collect } from './collect.ts';
import { startFakeSerial } from './fake-serial.ts';
import { silentLog } from '../silent-log.ts';

async function start(
  options: { readonly log?: boolean; readonly before?: string; readonly fresh?: boolean; readonly capBytes?: number } = {},
) {
  const serial = await startFakeSerial(tempDir(), options.log === undefined ? {} : { log: options.log });
  if (options.before !== undefined) await serial.print(options.before);
  const console = await connectSerial({
    socketPath: serial.socketPath,
    fresh: options.fresh ?? true,
    log: silentLog,
    ...(options.log === false ? {} : { logFile: serial.logFile }),
    ...(options.capBytes === undefined ? {} : { capBytes: options.capBytes }),
  });
  await serial.connected();
  onTestFinished(async () => {
    console.close('the test is over');
    await serial.close();
  });
  return { serial, console };
}

/** Text in which every place can be told from every other. */
function numbered(lines: number, from = 0): string {
  return Array.from({ length: lines }, (_, index) => `line ${from + index}\n`).join('');
}

describe('readers', () => {
  test('replay from power-on, then live', async () => {
    const { serial, console } = await start();
    await serial.print('SeaBIOS\n');
    const reader = collect(console.open({ replay: true }));
    await serial.print('login: ');
    await expect.poll(reader.text).toBe('SeaBIOS\nlogin: ');
  });

  test('without replay only what comes', async () => {
    const { serial, console } = await start();
    const first = collect(console.open({ replay: false }));
    await serial.print('old\n');
    await expect.poll(first.text).toBe('old\n');
    const second = collect(console.open({ replay: false }));
    await serial.print('new\n');
    await expect.poll(() => [first.text(), second.text()]).toEqual(['old\nnew\n', 'new\n']);
  });

  test('nothing is delivered before there is a listener, nor lost', async () => {
    const { serial, console } = await start();
    const channel = console.open({ replay: false });
    await serial.print('early\n');
    const reader = collect(channel);
    await serial.print('late\n');
    await expect.poll(reader.text).toBe('early\nlate\n');
  });

  test('what any of them types goes to the guest', async () => {
    const { serial, console } = await start();
    console.open({ replay: false }).write(Buffer.from('root\n'));
    console.open({ replay: false }).write(Buffer.from('id\n'));
    await expect.poll(serial.typed).toBe('root\nid\n');
  });

  test('the end of the machine comes after its last words', async () => {
    const { serial, console } = await start();
    const live = collect(console.open({ replay: false }));
    await serial.print('Power down.\n');
    const replayed = collect(console.open({ replay: true }));
    serial.hangUp();
    expect([await live.closed, await replayed.closed]).toEqual([undefined, undefined]);
    expect([live.text(), replayed.text()]).toEqual(['Power down.\n', 'Power down.\n']);
    const late = collect(console.open({ replay: true }));
    await late.closed;
    expect(late.text()).toBe('Power down.\n');
    expect(() => console.open({ replay: false })).toThrow(/the machine has ended/);
  });

  test('letting go closes them with the reason', async () => {
    const { console } = await start();
    const reader = collect(console.open({ replay: false }));
    console.close('Virtdeck is closing');
    expect(await reader.closed).toBe('Virtdeck is closing');
  });
});

describe('a reader that stalls', () => {
  test('does not block the guest, costs no memory, and gets every byte when it goes on', async () => {
    const { serial, console } = await start({ capBytes: 1 << 30 });
    const channel = console.open({ replay: false });
    const reader = collect(channel);
    const other = collect(console.open({ replay: false }));
    channel.pause();
    const before = process.memoryUsage().rss;
    const block = Buffer.alloc(1 << 20);
    for (let i = 0; i < 96; i += 1) {
      block.fill(i + 1);
      await serial.print(block);
    }
    expect(reader.length()).toBe(0);
    await expect.poll(other.length).toBe(96 << 20);
    // `other` keeps its 96 MiB; the one that stalls may add its queue and what is not collected yet.
    expect(process.memoryUsage().rss - before).toBeLessThan((96 + 64) << 20);
    channel.resume();
    await expect.poll(reader.length, { timeout: 10_000 }).toBe(96 << 20);
    expect(Buffer.compare(reader.bytes(), other.bytes())).toBe(0);
    await serial.print('live again');
    await expect.poll(() => reader.text().slice(-10)).toBe('live again');
  });

  test('without a log the oldest is dropped, and said', async () => {
    const { serial, console } = await start({ log: false });
    const channel = console.open({ replay: true });
    channel.pause();
    const reader = collect(channel);
    const other = collect(console.open({ replay: false }));
    for (let i = 0; i < 3; i += 1) await serial.print(Buffer.alloc(1 << 20, 'abc'[i]));
    await serial.print('end!');
    await expect.poll(other.length).toBe((3 << 20) + 4);
    channel.resume();
    const text = reader.text();
    const lost = Number(/^\r\n\[(\d+) bytes are no longer kept\]\r\n/.exec(text)?.[1]);
    const kept = text.replace(/^\r\n\[\d+ bytes are no longer kept\]\r\n/, '');
    expect(kept.length + lost).toBe((3 << 20) + 4);
    expect(kept).toMatch(/^c+end!$/);
  });
});

describe('joining a guest that was running', () => {
  test('quiet: by the end of the log', async () => {
    const { serial, console } = await start({ before: numbered(1_000), fresh: false });
    const reader = collect(console.open({ replay: true }));
    await expect.poll(reader.text).toBe(numbered(1_000));
    await serial.print('more\n');
    await expect.poll(reader.text).toBe(`${numbered(1_000)}more\n`);
  });

  test('never quiet: by what it prints', async () => {
    const { serial, console } = await start({ before: numbered(1_000), fresh: false });
    const reader = collect(console.open({ replay: true }));
    let printed = numbered(1_000);
    for (let i = 0; i < 400; i += 1) {
      const text = numbered(40, 1_000 + i * 40);
      printed += text;
      await serial.print(text);
    }
    await expect.poll(reader.length).toBe(printed.length);
    expect(reader.text() === printed).toBe(true);
  });
});

describe('a log that outgrows its cap', () => {
  test('is put away; the guest goes on writing without a hole', async () => {
    const { serial, console } = await start({ capBytes: 10_000 });
    const first = numbered(1_500);
    await serial.print(first);
    await expect.poll(() => statSync(serial.logFile).size).toBe(0);
    await serial.print('after\n');
    expect([readFileSync(rotatedLog(serial.logFile), 'utf8') === first, readFileSync(serial.logFile, 'utf8')]).toEqual([true, 'after\n']);
    const reader = collect(console.open({ replay: true }));
    await expect.poll(reader.text).toBe(`${first}after\n`);
    await serial.print('live\n');
    await expect.poll(reader.text).toBe(`${first}after\nlive\n`);
  });

  test('what a reader missed by two rotations is said to it', async () => {
    const { serial, console } = await start({ capBytes: 2_000_000 });
    const channel = console.open({ replay: false });
    const reader = collect(channel);
    channel.pause();
    for (const letter of 'abc') {
      await serial.print(Buffer.alloc(3_000_000, letter));
      await expect.poll(() => statSync(serial.logFile).size).toBe(0);
    }
    channel.resume();
    await expect.poll(reader.length, { timeout: 5_000 }).toBeGreaterThan(3_000_000);
    expect(reader.text()).toMatch(/^\r\n\[6000000 bytes are no longer kept\]\r\nc{3000000}$/);
  });

  test('is found in both files after a restart of the core', async () => {
    const directory = tempDir();
    const serial = await startFakeSerial(directory);
    onTestFinished(() => serial.close());
    writeFileSync(rotatedLog(serial.logFile), 'one ');
    await serial.print('two ');
    const console = await connectSerial({ socketPath: serial.socketPath, logFile: serial.logFile, fresh: false, log: silentLog });
    await serial.connected();
    const reader = collect(console.open({ replay: true }));
    await serial.print('three');
    await expect.poll(reader.text).toBe('one two three');
    console.close('');
  });
});

test('whatever the cutting, the stalls, the late comers and the rotations: every byte once', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('print' as const), lines: fc.integer({ min: 1, max: 3_000 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('toggle' as const), reader: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const), replay: fc.boolean() }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), fc.boolean(), async (steps, fresh) => {
      const serial = await startFakeSerial(tempDir());
      const console = await connectSerial({
        socketPath: serial.socketPath,
        logFile: serial.logFile,
        fresh,
        log: silentLog,
        capBytes: 200_000,
      });
      await serial.connected();
      const witness = collect(console.open({ replay: false }));
      const readers: { channel: ReturnType<typeof console.open>; got: ReturnType<typeof collect>; from: number; paused: boolean }[] = [];
      let printed = '';
      let line = 0;
      for (const each of steps) {
        switch (each.do) {
          case 'print': {
            const text = numbered(each.lines, line);
            line += each.lines;
            printed += text;
            await serial.print(text);
            // All of it has come: otherwise a reader without replay would not know where it begins.
            await expect.poll(witness.length, { interval: 1 }).toBe(printed.length);
            break;
          }
          case 'toggle': {
            const reader = readers[each.reader];
            if (reader === undefined) break;
            reader.paused = !reader.paused;
            if (reader.paused) reader.channel.pause();
            else reader.channel.resume();
            break;
          }
          case 'open': {
            const channel = console.open({ replay: each.replay });
            readers.push({ channel, got: collect(channel), from: each.replay ? -1 : printed.length, paused: false });
            break;
          }
        }
      }
      for (const { channel } of readers) channel.resume();
      await serial.print('end');
      printed += 'end';
      for (const { got, from } of readers) {
        await expect.poll(() => got.text().slice(-3), { interval: 1, timeout: 5_000 }).toBe('end');
        const text = got.text();
        // With so small a cap the oldest may be gone, which must be said with the right number.
        const [, lost = '0'] = /\r\n\[(\d+) bytes are no longer kept\]\r\n/.exec(text) ?? [];
        const at = text.indexOf('\r\n[');
        const whole =
          at < 0
            ? text
            : text.slice(0, at) +
              printed.slice(Math.max(from, 0) + at, Math.max(from, 0) + at + Number(lost)) +
              text.slice(text.indexOf(']\r\n') + 3);
        expect(whole === printed.slice(Math.max(from, 0))).toBe(true);
      }
      await expect.poll(witness.length, { interval: 1 }).toBe(printed.length);
      expect(witness.text() === printed).toBe(true);
      console.close('');
      await serial.close();
    }),
    { numRuns: 40 },
  );
});
