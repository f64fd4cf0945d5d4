// Owns the proof of the small things that every room is given: clock, names, log, kept answers, planned files.
// Must not wait for real time beyond some milliseconds.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cached, fileKey } from '../../electron/host/cache.ts';
import { findProgram, runCommand } from '../../electron/host/exec.ts';
import { createJsonLog } from '../../electron/host/json-log.ts';
import { setNvramAside } from '../../electron/host/nvram.ts';
import { placeFile } from '../../electron/host/place-file.ts';
import { randomIds } from '../../electron/host/random-ids.ts';
import { systemClock } from '../../electron/host/system-clock.ts';
import { tempDir } from './temp-dir.ts';

const qemuImg = await findProgram('qemu-img');

describe('clock', () => {
  test('runs once, or not at all when cancelled', async () => {
    let ran = 0;
    const cancel = systemClock.after(1, () => (ran += 10));
    cancel();
    await new Promise<void>((resolve) => void systemClock.after(2, resolve));
    expect(ran).toBe(0);
  });

  test('a wait of years does not end at once', async () => {
    let ran = false;
    const cancel = systemClock.after(2 ** 33, () => (ran = true));
    await new Promise<void>((resolve) => void systemClock.after(5, resolve));
    cancel();
    expect(ran).toBe(false);
  });
});

test('names', () => {
  expect(randomIds.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const suffixes = Array.from({ length: 200 }, () => randomIds.suffix());
  expect(suffixes.every((suffix) => /^[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(suffix))).toBe(true);
  expect(new Set(suffixes).size).toBeGreaterThan(190);
});

describe('log', () => {
  const clock = { now: () => 0, after: () => () => undefined };

  test('one JSON object a line', () => {
    const dataDir = tempDir();
    const log = createJsonLog({ dataDir, clock });
    log.info('Started.', { pid: 7 });
    log.error('Line\nbreak');
    expect(readFileSync(`${dataDir}/log/core.log`, 'utf8')).toBe(
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"Started.","pid":7}\n' +
        '{"time":"1970-01-01T00:00:00.000Z","level":"error","message":"Line\\nbreak"}\n',
    );
    expect(statSync(`${dataDir}/log/core.log`).mode & 0o777).toBe(0o600);
  });

  test('two files of limited size, also over restarts', () => {
    const dataDir = tempDir();
    for (let start = 0; start < 5; start += 1) {
      const log = createJsonLog({ dataDir, clock, capBytes: 1_000 });
      for (let line = 0; line < 9; line += 1) log.info(`${start} ${line}`);
    }
    const [current, before] = ['core.log', 'core.log.1'].map((name) => statSync(`${dataDir}/log/${name}`).size);
    expect([(current ?? 0) <= 1_000, (before ?? 0) <= 1_000, (before ?? 0) > 900]).toEqual([true, true, true]);
    expect(readFileSync(`${dataDir}/log/core.log`, 'utf8')).toMatch(/"4 8"}\n$/);
  });
});

describe('kept answers', () => {
  const schema = z.object({ n: z.number() });

  test('are kept for as long as the key is the same', async () => {
    const dataDir = tempDir();
    let asked = 0;
    const ask = (key: string) => cached({ dataDir, name: 'a', key: [key], schema }, () => Promise.resolve({ n: (asked += 1) }));
    expect([await ask('x'), await ask('x'), await ask('y'), await ask('x')]).toEqual([{ n: 1 }, { n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test('are found out again when the file is damaged or of another shape', async () => {
    const dataDir = tempDir();
    const ask = () => cached({ dataDir, name: 'a', key: ['x'], schema }, () => Promise.resolve({ n: 1 }));
    await ask();
    for (const text of ['', '{"key":', '[]', '{"key":"x","value":{"n":"1"}}']) {
      writeFileSync(`${dataDir}/cache/a.json`, text);
      expect(await ask()).toEqual({ n: 1 });
    }
  });

  test('are not kept when they are not final', async () => {
    const dataDir = tempDir();
    let asked = 0;
    const ask = () =>
      cached({ dataDir, name: 'a', key: ['x'], schema, isFinal: ({ n }) => n > 1 }, () => Promise.resolve({ n: (asked += 1) }));
    expect([await ask(), await ask(), await ask()]).toEqual([{ n: 1 }, { n: 2 }, { n: 2 }]);
  });

  test('a file is another one when it changed', async () => {
    const file = `${tempDir()}/f`;
    writeFileSync(file, 'a');
    const before = await fileKey(file);
    writeFileSync(file, 'ab');
    expect([before === (await fileKey(file)), (await fileKey(file)) === (await fileKey(file))]).toEqual([false, true]);
  });
});

describe('planned files', () => {
  test.skipIf(qemuImg === undefined)('NVRAM is copied once, as qcow2, and then kept; set aside it is made anew', async () => {
    const directory = tempDir();
    const template = Buffer.alloc(528 * 1024, 'fresh');
    writeFileSync(`${directory}/template`, template, { mode: 0o444 });
    const file = { type: 'convertOnce', from: `${directory}/template`, fromFormat: 'raw', to: `${directory}/nvram-uefi.qcow2` } as const;
    await placeFile(file);
    expect([readFileSync(file.to).subarray(0, 4).toString('latin1'), statSync(file.to).mode & 0o777]).toEqual(['QFI\u00fb', 0o600]);
    const back = await runCommand({
      program: 'qemu-img',
      args: ['convert', '-O', 'raw', file.to, `${directory}/back`],
      timeoutMs: 60_000,
    });
    expect([back.code, readFileSync(`${directory}/back`).equals(template)]).toEqual([0, true]);
    writeFileSync(file.to, 'changed by the guest');
    await placeFile(file);
    expect(readFileSync(file.to, 'utf8')).toBe('changed by the guest');
    writeFileSync(`${directory}/serial.log`, 'stays');
    expect(await setNvramAside(directory)).toEqual([`${file.to}.before-reset`]);
    expect(readFileSync(`${file.to}.before-reset`, 'utf8')).toBe('changed by the guest');
    await placeFile(file);
    expect(readFileSync(file.to).subarray(0, 3).toString()).toBe('QFI');
    expect(await setNvramAside(`${directory}/never-ran`)).toEqual([]);
  });

  test('a template that is missing leaves nothing behind', async () => {
    const directory = tempDir();
    await expect(
      placeFile({ type: 'convertOnce', from: `${directory}/none`, fromFormat: 'raw', to: `${directory}/nvram` }),
    ).rejects.toMatchObject({
      code: 'NotFound',
      message: `The file ${directory}/none is not there to be copied for the machine.`,
    });
    expect(existsSync(`${directory}/nvram`)).toBe(false);
  });

  test('empty disks: sparse, private, anew or kept', async () => {
    const directory = tempDir();
    const raw = { type: 'emptyDisk', path: `${directory}/raw`, format: 'raw', sizeBytes: 1 << 30, keep: false } as const;
    await placeFile(raw);
    const { size, blocks, mode } = statSync(raw.path);
    expect([size, blocks < 100, mode & 0o777]).toEqual([1 << 30, true, 0o600]);
    writeFileSync(raw.path, 'used');
    await placeFile({ ...raw, keep: true });
    expect(statSync(raw.path).size).toBe(4);
    await placeFile(raw);
    expect(statSync(raw.path).size).toBe(1 << 30);
  });

  test.skipIf(qemuImg === undefined)('a qcow2 disk', async () => {
    const path = `${tempDir()}/q`;
    await placeFile({ type: 'emptyDisk', path, format: 'qcow2', sizeBytes: 1 << 30, keep: false });
    const head = readFileSync(path);
    expect([head.toString('latin1', 0, 4), head.readBigUInt64BE(24), statSync(path).mode & 0o777]).toEqual([
      'QFI\xfb',
      BigInt(1 << 30),
      0o600,
    ]);
  });

  test('a seed', async () => {
    const path = `${tempDir()}/seed.iso`;
    await placeFile({ type: 'iso', path, label: 'cidata', entries: { 'user-data': { base64: 'H4sIAA==' }, 'meta-data': 'id: 1' } });
    const image = readFileSync(path);
    expect([image.includes(Buffer.from('H4sIAA==', 'base64')), image.includes('id: 1'), statSync(path).mode & 0o777]).toEqual([
      true,
      true,
      0o600,
    ]);
  });
});
