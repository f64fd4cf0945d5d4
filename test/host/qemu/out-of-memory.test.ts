// Owns the proof that the kernel's out-of-memory kill is told from any other SIGKILL, on a real cgroup where we may make one.
// Must not take memory from anybody else: the limit is on the process of the test alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { counterFiles, killInLog, oomBaseline, outOfMemory } from '../../../electron/host/qemu/out-of-memory.ts';

test.each([
  ['version 2', '0::/user.slice/vm.scope\n', ['/c/user.slice/vm.scope/memory.events', '/c/user.slice/memory.events', '/c/memory.events']],
  ['version 1', '4:memory:/a\n3:cpu,cpuacct:/b\n', ['/c/memory/a/memory.oom_control', '/c/memory/memory.oom_control']],
  ['no cgroups', '', []],
])('counters of %s, the innermost first', (_name, membership, expected) => {
  expect(counterFiles(membership, '/c').filter((file) => !file.startsWith('/c/unified'))).toEqual(expected);
});

const log = (constraint: string, group: string): string => `[1] qemu-system-x86 invoked oom-killer: gfp_mask=0xcc0
[1] oom-kill:constraint=${constraint},nodemask=(null),cpuset=/,mems_allowed=0${group},task_memcg=/virtdeck/a,task=qemu-system-x86,pid=77,uid=0
[1] Memory cgroup out of memory: Killed process 77 (qemu-system-x86) total-vm:1kB, anon-rss:1kB`;

describe("the kernel's log", () => {
  const counters = { currentBytes: 0, limitBytes: 1024, peakBytes: 1000, oomKills: 0, reachedLimit: false };
  const own = { place: '/virtdeck/a', counters };
  test.each([
    ['the limit of the machine', log('CONSTRAINT_MEMCG', ',oom_memcg=/virtdeck/a'), { of: 'machine', group: '/virtdeck/a' }],
    ['the limit of a scope in its slice', log('CONSTRAINT_MEMCG', ',oom_memcg=/virtdeck/a/vm.scope'), { of: 'machine' }],
    ['that of a group above', log('CONSTRAINT_MEMCG', ',oom_memcg=/virtdeck'), { of: 'group', group: '/virtdeck' }],
    ['all of the memory', log('CONSTRAINT_NONE', ',global_oom'), { of: 'computer' }],
  ])('tells %s', async (_name, text, expected) => {
    expect(await outOfMemory({ pid: 77, baseline: new Map(), own, log: text })).toMatchObject({
      ...expected,
      limitBytes: 1024,
      peakBytes: 1000,
    });
  });

  test('of somebody else tells nothing', () => {
    expect(killInLog(log('CONSTRAINT_NONE', ',global_oom'), 7)).toBeUndefined();
  });

  test.each([
    ['at its limit', { oomKills: 1, reachedLimit: true }, { of: 'machine', group: '/virtdeck/a', limitBytes: 1024, peakBytes: 1000 }],
    ['below it', { oomKills: 1, reachedLimit: false }, { limitBytes: 1024, peakBytes: 1000 }],
    ['and not killed', { oomKills: 0, reachedLimit: true }, undefined],
  ])('may not be read: the group was %s', async (_name, found, expected) => {
    expect(await outOfMemory({ pid: 77, baseline: new Map(), own: { ...own, counters: { ...counters, ...found } }, log: '' })).toEqual(
      expected,
    );
  });
});

/** Where a child can be put under a memory limit; undefined when this machine does not let us. */
function limitedGroup(): { readonly procs: string; readonly remove: () => void } | undefined {
  const v1 = '/sys/fs/cgroup/memory';
  const base = exists(`${v1}/memory.limit_in_bytes`) ? v1 : '/sys/fs/cgroup';
  const group = `${base}/virtdeck-test-${process.pid}`;
  try {
    mkdirSync(group);
  } catch {
    return undefined; // Not root, or read-only: the test says that it is skipped.
  }
  try {
    writeFileSync(`${group}/${base === v1 ? 'memory.limit_in_bytes' : 'memory.max'}`, `${32 << 20}`);
    return { procs: `${group}/cgroup.procs`, remove: () => rmdirSync(group) };
  } catch {
    rmdirSync(group);
    return undefined; // The memory controller is not handed down to here.
  }
}

function exists(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

describe('a process that ended by SIGKILL', () => {
  const group = limitedGroup();
  group?.remove();

  test.skipIf(group === undefined)('for want of memory', async () => {
    const limited = limitedGroup();
    if (limited === undefined) throw new Error('the group could be made a moment ago');
    onTestFinished(() => expect.poll(() => limited.remove(), { timeout: 5_000 }).toBeUndefined());
    // Waits for a line, so that the baseline is taken before; then keeps all of /dev/zero as one line.
    const child = spawn('/bin/sh', ['-c', `echo $$ > ${limited.procs}; echo in; read go; exec tail /dev/zero`], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    const { pid = 0 } = child;
    const baseline = await oomBaseline(pid);
    child.stdin.end('\n');
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect([signal, await outOfMemory({ pid, baseline })]).toEqual(['SIGKILL', expect.objectContaining({})]);
  });

  test('by somebody', async () => {
    const child = spawn('/bin/sleep', ['60']);
    const { pid = 0 } = child;
    const baseline = await oomBaseline(pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await outOfMemory({ pid, baseline })).toBeUndefined();
  });
});
