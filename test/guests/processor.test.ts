// Owns the proof that a guest's processor is what was asked for: its model, each policy of a feature, threads and cores, memory nodes.
// Must not repeat the rules; the table tests of core have them.
import { copyFileSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../electron/api/object.ts';
import type { ProcessorReport } from '../../electron/api/processor.ts';
import type { LaunchPlan } from '../../electron/core/qemu/launch-plan.ts';
import { type CoreProcess, startCore } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, stopAndForget } from '../bench/machines.ts';
import { openConsole } from './console.ts';
import { guestMachine } from './guest-machine.ts';
import { planOf, serialUntil, startedPlan } from './planned-guest.ts';
import { tinyLinuxDisk } from './tiny-linux.ts';

/** What the guest's own kernel found, one fact a line. */
const commands = [
  String.raw`sed -n 's/^model name[^:]*: /model=/p; s/^flags[^:]*: /flags=/p' /proc/cpuinfo | sort -u`,
  'cd /sys/devices/system/cpu',
  'for c in cpu[0-9]*; do echo "$c package $(cat $c/topology/physical_package_id) threads $(cat $c/topology/thread_siblings_list)"; done',
  'cd /sys/devices/system/node',
  String.raw`for n in node[0-9]*; do echo "$n cpus $(cat $n/cpulist) distance $(cat $n/distance) MiB $(($(sed -n 's/.*MemTotal: *\([0-9]*\).*/\1/p' $n/meminfo) / 1024))"; done`,
  'echo FACTS-END',
];

interface Found {
  readonly model: string;
  readonly flags: ReadonlySet<string>;
  readonly cpus: readonly string[];
  readonly nodes: readonly string[];
}

function found(text: string): Found {
  const lines = text.replaceAll('\r', '').split('\n');
  const after = (start: string): string => lines.find((line) => line.startsWith(start))?.slice(start.length) ?? '';
  return {
    model: after('model='),
    flags: new Set(after('flags=').split(' ')),
    cpus: lines.filter((line) => /^cpu\d+ package/.test(line)),
    nodes: lines.filter((line) => /^node\d+ cpus/.test(line)),
  };
}

describe('through the API', () => {
  let core: CoreProcess;
  let disk: string;
  beforeAll(async () => {
    core = await startCore();
    disk = path.join(path.dirname(core.dataDir), 'guest.img');
    copyFileSync(await tinyLinuxDisk({ commands }), disk);
  });
  afterAll(async () => {
    await core.end();
    core.remove();
  });

  async function create(name: string, cpu: object): Promise<void> {
    await core.request({ method: 'POST', path: machinesPath, body: guestMachine(name, { disk, domain: { cpu } }) });
  }

  async function boot(name: string, cpu: object): Promise<Found> {
    await create(name, cpu);
    await awaitPhase(core, name, 'Running');
    const terminal = await openConsole(core.socket, name);
    try {
      await terminal.waitFor(/FACTS-END/, 240_000);
      return found(terminal.text());
    } finally {
      terminal.close();
      await stopAndForget(core, name);
    }
  }

  test('a named model, and require, optional, disable and forbid', async () => {
    const features = [
      { name: 'apic', policy: 'require' },
      { name: 'aes' },
      { name: 'popcnt', policy: 'optional' },
      // No emulated processor has it.
      { name: 'vmx', policy: 'optional' },
      { name: 'ssse3', policy: 'disable' },
      { name: 'avx512f', policy: 'forbid' },
    ];
    const guest = await boot('named', { model: 'Conroe', sockets: 2, features });
    const has = (name: string): readonly [string, boolean] => [name, guest.flags.has(name)];
    expect(guest.model).toBe('Intel Celeron_4x0 (Conroe/Merom Class Core 2)');
    expect(['apic', 'aes', 'popcnt', 'vmx', 'ssse3', 'avx512f'].map(has)).toEqual([
      ['apic', true],
      ['aes', true],
      ['popcnt', true],
      ['vmx', false],
      ['ssse3', false],
      ['avx512f', false],
    ]);
    // What the model does not have and nobody asked for.
    expect(['sse4_2', 'avx'].map(has)).toEqual([
      ['sse4_2', false],
      ['avx', false],
    ]);
    expect(guest.cpus).toEqual(['cpu0 package 0 threads 0', 'cpu1 package 1 threads 1']);
  });

  test('host-model is what was shown before, and force starts without what is missing', async () => {
    const report = (await core.request({ path: '/apis/virtdeck.io/v1alpha1/processor' })) as ProcessorReport;
    const guest = await boot('host', { model: 'host-model', features: [{ name: 'vmx', policy: 'force' }] });
    expect(report.accelerator).toBe('tcg');
    // Linux' own names of what x86-64-v3 demands.
    const third = ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave', 'sse4_2', 'popcnt'];
    expect(report.hostModel?.level).toBe(3);
    expect(third.filter((name) => !guest.flags.has(name))).toEqual([]);
    expect(guest.flags.has('vmx')).toBe(false);
  });

  test.for([
    { name: 'required', cpu: { features: [{ name: 'vmx', policy: 'require' }] }, message: /feature vmx/ },
    { name: 'forbidden', cpu: { features: [{ name: 'avx2', policy: 'forbid' }] }, message: /feature avx2/ },
    { name: 'newer', cpu: { model: 'Skylake-Server' }, message: /model Skylake-Server/ },
  ])('$name: no node has it, so it waits and says why', async ({ name, cpu, message }) => {
    await create(name, cpu);
    await awaitPhase(core, name, 'Scheduling');
    const vmi = (await core.request({ path: `${instancesPath}/${name}` })) as KubeObject<{
      readonly status?: { readonly conditions?: readonly { readonly type: string; readonly reason?: string; readonly message?: string }[] };
    }>;
    const scheduled = vmi.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    expect(scheduled?.reason).toBe('Unschedulable');
    expect(scheduled?.message).toMatch(message);
    await core.request({ method: 'DELETE', path: `${machinesPath}/${name}`, body: { gracePeriodSeconds: 0 } });
  });
});

test('threads of a core, and memory nodes: each with its processors, its memory, and the distances of this computer', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'plan-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const image = await tinyLinuxDisk({ commands });
  const vm = parse(`
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: {name: web}
spec:
  template:
    spec:
      domain:
        cpu: {cores: 2, threads: 2, dedicatedCpuPlacement: true, numa: {guestMappingPassthrough: {}}}
        memory: {guest: 384Mi, hugepages: {pageSize: 2Mi}}
        devices: {disks: [{name: root, disk: {bus: virtio, readonly: true}}]}
      volumes: [{name: root, hostDisk: {path: '${image}', type: Disk}}]
`);
  const both = [{ name: 'both', cpus: '0-11' }];
  const computer = { numaNodes: 2, threads: 12, hugePages: { 2: 2048 }, domains: both, held: { 'default/other': [2, 3] } };
  const plan = await planOf({ vm, folder, image, facts: { ...computer, nodeLabels: { cpumanager: 'true' } } });
  await using running = await startedPlan(onOneNode(plan));
  await running.qmp.execute('cont');
  const guest = found(await serialUntil(plan, /FACTS-END/));
  expect(guest.cpus.map((line) => line.replace(/package \d+ /, ''))).toEqual([
    'cpu0 threads 0-1',
    'cpu1 threads 0-1',
    'cpu2 threads 2-3',
    'cpu3 threads 2-3',
  ]);
  expect(guest.nodes).toEqual([
    expect.stringMatching(/^node0 cpus 0-1 distance 10 21 MiB 1[0-9]{2}$/),
    expect.stringMatching(/^node1 cpus 2-3 distance 21 10 MiB 1[0-9]{2}$/),
  ]);
});

/**
 * The plan is for a computer of two nodes with huge pages. From where its memory comes is the lab's to show; here it comes from the one node
 * that every computer has, and the guest sees what it would see there.
 */
function onOneNode(plan: LaunchPlan): LaunchPlan {
  const args = plan.args.map((argument) => {
    const { value } = argument;
    if (typeof value !== 'object' || value['qom-type'] !== 'memory-backend-memfd') return argument;
    const { hugetlb: _pages, hugetlbsize: _size, ...memory } = value;
    return { ...argument, value: { ...memory, 'host-nodes': [0] } };
  });
  return { ...plan, args };
}
