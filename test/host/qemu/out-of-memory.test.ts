// Owns the proof that the kernel's out-of-memory kill is told from any other SIGKILL, on a real cgroup where we may make one.
// Must not take memory from anybody else: the limit is on the process of the test alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { counterFiles, oomBaseline, wasOutOfMemory } from '../../../electron/host/qemu/out-of-memory.ts';

test.each([
  ['version 2', '0::/user.slice/vm.scope\n', ['/c/user.slice/vm.scope/memory.events', '/c/user.slice/memory.events', '/c/memory.events']],
  ['version 1', '4:memory:/a\n3:cpu,cpuacct:/b\n', ['/c/memory/a/memory.oom_control', '/c/memory/memory.oom_control']],
  ['no cgroups', '', []],
])('counters of %s, the innermost first', (_name, membership, expected) => {
  expect(counterFiles(membership, '/c').filter((file) => !file.startsWith('/c/unified'))).toEqual(expected);
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
    expect([signal, await wasOutOfMemory(pid, baseline)]).toEqual(['SIGKILL', true]);
  });

  test('by somebody', async () => {
    const child = spawn('/bin/sleep', ['60']);
    const { pid = 0 } = child;
    const baseline = await oomBaseline(pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await wasOutOfMemory(pid, baseline)).toBe(false);
  });
});
