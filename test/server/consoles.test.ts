// Owns consoles over every carrier: bytes both ways in order, pauses that reach the other end, and how they close.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ByteChannel } from '../../electron/api/channel.ts';
import { AppError } from '../../electron/api/errors.ts';
import { carriers, type Connection } from './carriers.ts';
import { type Core, startCore } from './core-fixture.ts';
import { subresources } from './rows.ts';
import { type ScriptedChannel, scriptedChannel } from './scripted-channel.ts';

const path = (name: string, machine = 'web'): string => `${subresources}/virtualmachineinstances/${machine}/${name}`;
const KiB = 1024;
const MiB = 1024 * KiB;

function received(channel: ByteChannel): { readonly bytes: () => Buffer; until(length: number): Promise<Buffer> } {
  const chunks: Buffer[] = [];
  let size = 0;
  let wake: () => void = () => undefined;
  channel.onData((chunk) => {
    chunks.push(Buffer.from(chunk));
    size += chunk.byteLength;
    wake();
  });
  return {
    bytes: () => Buffer.concat(chunks),
    async until(length) {
      while (size < length) await new Promise<void>((resolve) => (wake = resolve));
      return Buffer.concat(chunks);
    },
  };
}

function closing(channel: ByteChannel): Promise<string | undefined> {
  return new Promise((resolve) => channel.onClose(resolve));
}

/** Bytes that tell where they belong: 0 to 250 over and over, from the `start`-th on. */
function pattern(length: number, start = 0): Buffer {
  return Buffer.alloc(length, Buffer.from(Array.from({ length: 251 }, (_, index) => (start + index) % 251)));
}

describe.each(carriers)('consoles over $name', (carrier) => {
  let core: Core;
  let connection: Connection;
  let guest: ScriptedChannel;
  const opened: string[] = [];
  beforeEach(async () => {
    guest = scriptedChannel();
    opened.length = 0;
    core = await startCore({
      override: () => ({
        openConsole: async (name, { namespace, name: machine }) => {
          opened.push(`${name} ${namespace}/${machine}`);
          if (machine === 'off') throw new AppError('Conflict', 'VMI is not running');
          if (machine === 'broken') throw new Error('a bug of ours');
          return guest;
        },
      }),
    });
    connection = await carrier.connect(core.router);
  });
  afterEach(async () => {
    await connection.close();
    await core.close();
  });

  test('bytes go both ways, in order, unchanged', async () => {
    const channel = connection.open(path('vnc'));
    const heard = received(channel);
    guest.prints(Buffer.from('RFB 003.008\n'));
    expect((await heard.until(12)).toString()).toBe('RFB 003.008\n');
    for (let at = 0; at < 64 * KiB; at += KiB) channel.write(pattern(KiB, at));
    while (Buffer.concat(guest.written).byteLength < 64 * KiB) await guest.moved();
    expect(Buffer.concat(guest.written).equals(pattern(64 * KiB))).toBe(true);
    // Views of one buffer, as a socket delivers them.
    const whole = pattern(256 * KiB);
    for (let at = 0; at < whole.byteLength; at += 10_000) guest.prints(whole.subarray(at, at + 10_000));
    expect((await heard.until(12 + whole.byteLength)).subarray(12).equals(whole)).toBe(true);
    expect(opened).toEqual(['vnc default/web']);
    channel.close();
  });

  test('what is written before it is open arrives', async () => {
    const channel = connection.open(`${path('console')}?preserveSession=true`);
    channel.write(Buffer.from('early'));
    while (guest.written.length === 0) await guest.moved();
    expect([Buffer.concat(guest.written).toString(), opened]).toEqual(['early', ['console default/web']]);
    channel.close();
  });

  test('the guest ending closes the client, with the reason', async () => {
    const channel = connection.open(path('console'));
    const closed = closing(channel);
    guest.prints(Buffer.from('bye'));
    await received(channel).until(3);
    guest.ends('The machine has stopped.');
    expect(await closed).toBe('The machine has stopped.');
  });

  test('the client closing closes the guest', async () => {
    const channel = connection.open(path('console'));
    channel.write(Buffer.from('x'));
    while (guest.written.length === 0) await guest.moved();
    channel.close();
    while (guest.closed === undefined) await guest.moved();
    expect(guest.closed).toBeDefined();
  });

  test.each([
    { machine: 'off', words: /not running|409/ },
    { machine: 'broken', words: /Internal error|500/ },
    { machine: 'a%2Fb', words: /cannot be a name|400/ },
  ])('a console that cannot be had closes at once: $machine', async ({ machine, words }) => {
    expect(await closing(connection.open(path('console', machine)))).toMatch(words);
    expect(core.log.lines.length).toBe(machine === 'broken' ? 1 : 0);
  });

  test('no other path is a console', async () => {
    expect(await closing(connection.open(path('teleport')))).toMatch(/could not find|404|400/);
    expect(opened).toEqual([]);
  });

  test.skipIf(carrier.name === 'direct')('a client that stalls pauses the guest: what waits in between is bounded', async () => {
    const channel = connection.open(path('console'));
    const heard = received(channel);
    guest.prints(pattern(1));
    await heard.until(1);
    channel.pause();
    let printed = 1;
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    while (!guest.paused && printed < 256 * MiB) {
      guest.prints(pattern(16 * KiB, printed));
      printed += 16 * KiB;
      await turn();
    }
    expect(printed).toBeLessThan(32 * MiB);
    channel.resume();
    const all = await heard.until(printed);
    expect(all.equals(pattern(printed))).toBe(true);
    while (guest.paused) await guest.moved();
    guest.prints(Buffer.from('on'));
    expect((await heard.until(printed + 2)).subarray(-2).toString()).toBe('on');
    channel.close();
  });

  test.skipIf(carrier.name === 'direct')('a guest that stalls holds the client: what arrives in between is bounded', async () => {
    const channel = connection.open(path('console'));
    guest.full = true;
    const chunk = pattern(64 * KiB);
    const total = 64 * MiB;
    for (let sent = 0; sent < total; sent += chunk.byteLength) channel.write(chunk);
    // Everything the carrier lets through has arrived when a round trip behind it is over.
    await guest.moved();
    for (let round = 0; round < 20; round++) await (await connection.fetch('/healthz')).text();
    const held = Buffer.concat(guest.written).byteLength;
    expect(held).toBeLessThan(8 * MiB);
    guest.drains();
    while (guest.written.reduce((sum, { byteLength }) => sum + byteLength, 0) < total) await guest.moved();
    channel.close();
  });
});
