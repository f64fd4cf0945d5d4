// Owns the proof of limits on this computer's own control groups, where we may make them: held, told, and taken away.
// Must not take memory from anybody else: the limit is on processes of the test alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { createLimits } from '../../../electron/host/limits/limits.ts';
import { readOomScore } from '../../../electron/host/limits/oom-score.ts';
import { outOfMemory, ownGroup } from '../../../electron/host/qemu/out-of-memory.ts';
import { recordingLog } from '../../fakes/recording-log.ts';

const limits = createLimits({ log: recordingLog() });
const { can, by } = await limits.abilities();
const runDir = `/run/nowhere/limits-test-${process.pid}`;
const plan = { cpuWeight: 100, cpuShares: 1024, tasksMax: 64, oomScoreAdj: 700 };

afterAll(async () => {
  await limits.release(runDir);
});

describe.skipIf(!can.includes('memory') || by === 'systemd')(`by ${by}`, () => {
  test('a limit holds, is lowered and raised, and its kill is named with numbers', { timeout: 60_000 }, async () => {
    const mebibyte = 1024 * 1024;
    expect(await limits.set(runDir, { ...plan, memoryMaxBytes: 64 * mebibyte })).toEqual([]);
    // Waits for a line; then keeps all of /dev/zero as one line.
    const child = spawn('/bin/sh', ['-c', 'read go; exec tail /dev/zero'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const { pid = 0 } = child;
    await limits.join(runDir, pid);
    expect(await limits.verify(runDir, pid)).toEqual([]);
    expect(await limits.verify(runDir, process.pid)).toMatchObject([{ kind: 'memory' }]);
    expect(await readOomScore(pid)).toMatchObject({ adj: 700 });
    expect(await limits.set(runDir, { ...plan, memoryMaxBytes: 32 * mebibyte })).toEqual([]);
    expect(await limits.counters(runDir)).toMatchObject({ limitBytes: 32 * mebibyte, oomKills: 0 });
    expect(await limits.set(runDir, { ...plan, memoryMaxBytes: 48 * mebibyte, swapMaxBytes: 0 })).toEqual([]);
    child.stdin.end('\n');
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    const own = await ownGroup(limits, runDir);
    expect(signal).toBe('SIGKILL');
    expect(await outOfMemory({ pid, baseline: new Map(), ...(own === undefined ? {} : { own }) })).toEqual({
      of: 'machine',
      group: await limits.place(runDir),
      limitBytes: 48 * mebibyte,
      peakBytes: expect.any(Number),
    });
    await limits.release(runDir);
    expect(await limits.counters(runDir)).toBeUndefined();
    const left = ['memory', 'cpu', 'pids', '.'].flatMap((name) => {
      const folder = `/sys/fs/cgroup/${name}/virtdeck`;
      return existsSync(folder) ? readdirSync(folder).filter((group) => group.startsWith('limits-test')) : [];
    });
    expect(left).toEqual([]);
  });
});
