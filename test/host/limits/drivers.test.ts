// Owns the proof of what each way of limiting writes, on folders in the place of the kernel's and a function in the place of systemd.
// Must not touch the control groups of this computer.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LimitPlan } from '../../../electron/core/limits/limit-plan.ts';
import { cgroupV1 } from '../../../electron/host/limits/cgroup-v1.ts';
import { cgroupV2 } from '../../../electron/host/limits/cgroup-v2.ts';
import { systemdSlices } from '../../../electron/host/limits/systemd-slice.ts';
import { tempDir } from '../temp-dir.ts';

const plan: LimitPlan = {
  memoryMaxBytes: 300 * 1024 * 1024,
  memoryHighBytes: 280 * 1024 * 1024,
  swapMaxBytes: 0,
  cpuMilli: 1500,
  cpuWeight: 200,
  cpuShares: 2048,
  tasksMax: 516,
  oomScoreAdj: 100,
};
const unlimited: LimitPlan = { cpuWeight: 100, cpuShares: 1024, tasksMax: 516, oomScoreAdj: 100 };

function filesOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]));
}

describe('version 1', () => {
  function hierarchies(...names: readonly string[]): ReadonlyMap<string, string> {
    const root = tempDir();
    return new Map(
      names.map((name) => {
        mkdirSync(`${root}/${name}`);
        if (name === 'memory') writeFileSync(`${root}/memory/memory.memsw.limit_in_bytes`, '');
        return [name, `${root}/${name}`];
      }),
    );
  }

  test('each hierarchy has its group', async () => {
    const mounts = hierarchies('memory', 'cpu', 'pids');
    const driver = await cgroupV1(mounts);
    expect(driver?.abilities).toEqual({ by: 'cgroup v1', can: ['memory', 'swap', 'cpu', 'tasks'] });
    expect(await driver?.set('run', plan)).toEqual([]);
    await driver?.join('run', 4711);
    expect(filesOf(`${mounts.get('memory')}/virtdeck/run`)).toEqual({
      'memory.limit_in_bytes': '314572800',
      'memory.memsw.limit_in_bytes': '314572800',
      'cgroup.procs': '4711',
    });
    expect(filesOf(`${mounts.get('cpu')}/virtdeck/run`)).toEqual({
      'cpu.shares': '2048',
      'cpu.cfs_period_us': '100000',
      'cpu.cfs_quota_us': '150000',
      'cgroup.procs': '4711',
    });
    expect(filesOf(`${mounts.get('pids')}/virtdeck/run`)).toMatchObject({ 'pids.max': '516' });
  });

  test('limits that are gone are taken off', async () => {
    const mounts = hierarchies('memory', 'cpu');
    const driver = await cgroupV1(mounts);
    await driver?.set('run', plan);
    await driver?.set('run', { ...unlimited, cpuShares: 2048 });
    expect(filesOf(`${mounts.get('memory')}/virtdeck/run`)).toMatchObject({
      'memory.limit_in_bytes': '-1',
      'memory.memsw.limit_in_bytes': '-1',
    });
    expect(filesOf(`${mounts.get('cpu')}/virtdeck/run`)).toMatchObject({ 'cpu.cfs_quota_us': '-1' });
  });

  test('who asks for no processor time has no group there: it could not give vCPUs real time', async () => {
    const mounts = hierarchies('memory', 'cpu');
    const driver = await cgroupV1(mounts);
    expect(await driver?.set('run', unlimited)).toEqual([]);
    expect(readdirSync(mounts.get('cpu') ?? '')).toEqual([]);
    expect(readdirSync(`${mounts.get('memory')}/virtdeck`)).toEqual(['run']);
  });

  test('a controller that is missing is named', async () => {
    const driver = await cgroupV1(hierarchies('cpu'));
    expect(driver?.abilities).toEqual({
      by: 'cgroup v1',
      can: ['cpu'],
      message: 'The kernel has no controller for memory mounted that may be written to.',
    });
  });
});

describe('version 2', () => {
  /** As a container has it: a group of its own, without processes. */
  function delegated(controllers: string): string {
    const root = tempDir();
    mkdirSync(`${root}/ours`);
    writeFileSync(`${root}/ours/cgroup.type`, 'domain\n');
    writeFileSync(`${root}/ours/cgroup.subtree_control`, '');
    mkdirSync(`${root}/ours/virtdeck`);
    // Folders do not hand anything down: the kernel's answer is written here in advance, into a file that every write appends to.
    writeFileSync(`${root}/ours/virtdeck/cgroup.subtree_control`, controllers);
    return root;
  }

  test('without a controller there is nothing to limit by', async () => {
    expect(await cgroupV2({ mount: delegated(''), own: '/nowhere', pid: 1 })).toBeUndefined();
  });

  test('with processes of somebody else the group is not ours to divide', async () => {
    const root = delegated('memory');
    writeFileSync(`${root}/ours/cgroup.procs`, '1\n4711\n');
    expect(await cgroupV2({ mount: root, own: '/ours', pid: 1 })).toBeUndefined();
    expect(readdirSync(`${root}/ours`)).not.toContain('virtdeck-core');
  });
});

describe('systemd', () => {
  async function manager(controllers: string, answer: (args: readonly string[]) => string = () => '') {
    const root = tempDir();
    mkdirSync(`${root}/user.slice`);
    writeFileSync(`${root}/user.slice/cgroup.controllers`, `${controllers}\n`);
    const asked: string[] = [];
    const driver = await systemdSlices({
      systemctl: async (args) => {
        if (args[0] === 'show') return '/user.slice\n';
        asked.push(args.join(' '));
        return answer(args);
      },
      scopePrefix: (unit, slice) => ['systemd-run', `--slice=${slice}`, `--unit=${unit}`, '--'],
      unifiedMount: root,
    });
    return { driver, asked };
  }

  test('a slice for the run, changed while it runs, taken away with it', async () => {
    const { driver, asked } = await manager('cpu memory pids');
    expect(driver.abilities).toEqual({ by: 'systemd', can: ['memory', 'memoryHigh', 'swap', 'cpu', 'tasks'] });
    expect(driver.prefix('0d7e-1b2a', 'vm.scope')).toEqual(['systemd-run', '--slice=virtdeck-0d7e1b2a.slice', '--unit=vm.scope', '--']);
    expect(driver.path('0d7e-1b2a')).toBe('/user.slice/virtdeck.slice/virtdeck-0d7e1b2a.slice');
    expect(await driver.set('0d7e-1b2a', plan)).toEqual([]);
    await driver.set('0d7e-1b2a', unlimited);
    await driver.remove('0d7e-1b2a');
    expect(asked).toEqual([
      'set-property --runtime virtdeck-0d7e1b2a.slice MemoryHigh=293601280 MemoryMax=314572800 MemorySwapMax=0 CPUWeight=200 CPUQuota=150% TasksMax=516',
      'set-property --runtime virtdeck-0d7e1b2a.slice MemoryHigh=infinity MemoryMax=infinity MemorySwapMax=infinity CPUWeight=100 CPUQuota= TasksMax=516',
      'stop virtdeck-0d7e1b2a.slice',
      'revert virtdeck-0d7e1b2a.slice',
    ]);
  });

  test('a controller that the manager was not given is not asked for: systemd would say yes and do nothing', async () => {
    const { driver, asked } = await manager('memory pids');
    expect(driver.abilities).toMatchObject({
      can: ['memory', 'memoryHigh', 'swap', 'tasks'],
      message: 'systemd was not given the controller for cpu.',
      fix: expect.stringContaining('Delegate='),
    });
    await driver.set('run', plan);
    expect(asked[0]).not.toMatch(/CPU/);
  });

  test('what systemd refuses is told for every kind', async () => {
    const { driver } = await manager('memory', () => {
      throw new Error('Access denied');
    });
    expect(await driver.set('run', plan)).toContainEqual({
      kind: 'memory',
      message: 'systemd did not take the limits: Access denied',
    });
  });
});
