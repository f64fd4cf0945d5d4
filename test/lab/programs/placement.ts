// Owns a run of the product on a computer of two memory nodes: a machine bound to one of them, one with cores of its own beside it, and noise.
// Must not judge what came of it; the test does.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { CoreProcess } from '../../bench/core-process.ts';
import { startCore } from '../../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath } from '../../bench/machines.ts';
import type { KubeObject } from '../../../electron/api/object.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const nodesPath = '/api/v1/nodes';
const settingsPath = '/apis/virtdeck.io/v1alpha1/settings/default';
const numaLabel = 'topology.virtdeck.io/numa';
const text = (file: string): string => readFileSync(file, 'utf8').trim();

async function patch(core: CoreProcess, path: string, body: object): Promise<unknown> {
  return await core.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
}

/** A boot sector that does nothing, for ever: `cli; jmp $`. */
function writeSpinner(file: string): void {
  const sector = Buffer.alloc(1024 * 1024);
  sector.set([0xfa, 0xeb, 0xfe]);
  sector.set([0x55, 0xaa], 510);
  writeFileSync(file, sector);
}

function spinner(name: string): string {
  const file = `/tmp/spin-${name}.img`;
  writeSpinner(file);
  return file;
}

/** Boots the spinner. Promised so little that several have room. */
function spinning(file: string, cpu: object): { readonly domain: object; readonly volumes: readonly object[] } {
  return {
    domain: {
      cpu,
      memory: { guest: '64Mi' },
      resources: { overcommitGuestOverhead: true },
      devices: { autoattachGraphicsDevice: false, disks: [{ name: 'spin', disk: { bus: 'virtio' } }] },
    },
    volumes: [{ name: 'spin', hostDisk: { path: file, type: 'Disk' } }],
  };
}

/** Of one thread, in nanoseconds: how long it ran, and how long it could have but had to wait (/proc/PID/schedstat). */
function schedstat(pid: number, thread: string): { readonly ran: number; readonly waited: number } {
  const [ran = 0, waited = 0] = text(`/proc/${pid}/task/${thread}/schedstat`).split(' ').map(Number);
  return { ran, waited };
}

function firstVcpu(pid: number): string {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.find((task) => text(`/proc/${pid}/task/${task}/comm`).startsWith('CPU 0/')) ?? '';
}

/** Waited of ran and waited, for each machine, over a window in which all of them want a processor all the time. */
async function waitShares(names: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const threads = names.map((name) => ({ name, pid: qemuOf(name), thread: firstVcpu(qemuOf(name)) }));
  const windowNs = 4e9;
  for (;;) {
    const before = threads.map(({ pid, thread }) => schedstat(pid, thread));
    const start = process.hrtime.bigint();
    await delay(windowNs / 1e6);
    const wallNs = Number(process.hrtime.bigint() - start);
    const spent = threads.map(({ name, pid, thread }, index) => {
      const { ran, waited } = schedstat(pid, thread);
      const [run, wait] = [ran - (before[index]?.ran ?? 0), waited - (before[index]?.waited ?? 0)];
      return { name, wanted: (run + wait) / wallNs, share: wait / (run + wait) };
    });
    // Until then one of them is still in its firmware, which sleeps now and then.
    if (spent.every(({ wanted }) => wanted > 0.9)) return Object.fromEntries(spent.map(({ name, share }) => [name, share]));
  }
}

/** Started, and its guest held before the first instruction: where it is does not depend on what it does. */
interface HeldSpec {
  readonly domain: object;
  readonly nodeSelector?: object;
  readonly volumes?: readonly object[];
}

function heldMachine(name: string, { domain, nodeSelector, volumes }: HeldSpec): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Always',
      template: {
        spec: {
          startStrategy: 'Paused',
          terminationGracePeriodSeconds: 0,
          ...(nodeSelector === undefined ? {} : { nodeSelector }),
          ...(volumes === undefined ? {} : { volumes }),
          domain: { devices: { autoattachGraphicsDevice: false }, ...domain },
        },
      },
    },
  };
}

/** Processors that each thread may use, by what the thread is: vCPUs by number, the rest together. */
function threadsOf(pid: number): { readonly vcpus: readonly string[]; readonly others: readonly string[] } {
  const threads = readdirSync(`/proc/${pid}/task`).map((task) => ({
    name: text(`/proc/${pid}/task/${task}/comm`),
    cpus: /Cpus_allowed_list:\s*(\S+)/.exec(text(`/proc/${pid}/task/${task}/status`))?.[1] ?? '',
  }));
  const isVcpu = ({ name }: { readonly name: string }): boolean => /^CPU \d+\//.test(name);
  return {
    vcpus: threads
      .filter(isVcpu)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ cpus }) => cpus),
    others: [...new Set(threads.filter((thread) => !isVcpu(thread)).map(({ cpus }) => cpus))],
  };
}

/** The mapping of the guest's huge pages: its policy, and pages by memory node. */
function hugeMapping(pid: number): string | undefined {
  const line = text(`/proc/${pid}/numa_maps`)
    .split('\n')
    .find((row) => / huge /.test(row));
  const fields = line?.split(' ') ?? [];
  return fields.filter((field) => /^(bind:|N\d+=)/.test(field)).join(' ');
}

function qemuOf(name: string): number {
  const found = readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return text(`/proc/${pid}/cmdline`).includes(`guest=default/${name},`);
    } catch {
      return false; // It ended while we looked.
    }
  });
  return Number(found);
}

const main: LabProgramMain = async (lab) => {
  const core = await startCore();
  await patch(core, settingsPath, { spec: { placement: { reserved: { cores: 1, memory: '256Mi' } } } });
  const nodes = async (): Promise<readonly KubeObject[]> =>
    ((await core.request({ method: 'GET', path: nodesPath })) as { items: KubeObject[] }).items;
  const of = (node: KubeObject, key: 'capacity' | 'allocatable'): Readonly<Record<string, string>> =>
    (node as { status?: Record<string, Record<string, string>> }).status?.[key] ?? {};
  lab.report({
    nodes: (await nodes()).map((node) => ({
      name: node.metadata.name,
      numa: node.metadata.labels?.[numaLabel],
      hostname: node.metadata.labels?.['kubernetes.io/hostname'],
      cpu: of(node, 'allocatable')['cpu'],
      pages: of(node, 'capacity')['hugepages-2Mi'],
    })),
  });

  await core.request({
    method: 'POST',
    path: machinesPath,
    body: heldMachine('near', {
      domain: { memory: { guest: '64Mi', hugepages: { pageSize: '2Mi' } } },
      nodeSelector: { [numaLabel]: '1' },
    }),
  });
  await awaitPhase(core, 'near', 'Running');
  const near = qemuOf('near');
  lab.report({
    near: threadsOf(near).others,
    memory: hugeMapping(near),
    free: [0, 1].map((node) => Number(text(`/sys/devices/system/node/node${node}/hugepages/hugepages-2048kB/free_hugepages`))),
  });

  for (const { metadata } of await nodes())
    await patch(core, `${nodesPath}/${metadata.name}`, { metadata: { labels: { cpumanager: 'true' } } });
  await core.request({
    method: 'POST',
    path: machinesPath,
    body: heldMachine('own', {
      ...spinning(spinner('own'), { sockets: 1, cores: 1, threads: 2, dedicatedCpuPlacement: true, isolateEmulatorThread: true }),
      nodeSelector: { [numaLabel]: '1' },
    }),
  });
  await awaitPhase(core, 'own', 'Running');
  lab.report({ own: threadsOf(qemuOf('own')), near: threadsOf(near).others });

  await core.request({
    method: 'POST',
    path: machinesPath,
    body: heldMachine('more', {
      domain: { memory: { guest: '64Mi' }, cpu: { sockets: 1, cores: 1, threads: 2, dedicatedCpuPlacement: true } },
      nodeSelector: { [numaLabel]: '1' },
    }),
  });
  await awaitPhase(core, 'more', 'Scheduling');
  const waiting = (await core.request({ method: 'GET', path: `${instancesPath}/more` })) as {
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly message?: string }[] };
  };
  lab.report({ more: waiting.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message });

  const instanceVerb = '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances';
  const unpause = (name: string) => core.request({ method: 'PUT', path: `${instanceVerb}/${name}/unpause`, body: {} });
  const noises = ['noise-1', 'noise-2', 'noise-3'];
  for (const name of noises) {
    const body = heldMachine(name, {
      ...spinning(spinner(name), { sockets: 1, cores: 1, threads: 1 }),
      nodeSelector: { [numaLabel]: '1' },
    });
    await core.request({ method: 'POST', path: machinesPath, body });
    await awaitPhase(core, name, 'Running');
  }
  for (const name of ['own', ...noises]) await unpause(name);
  const shares = await waitShares(['own', ...noises]);
  lab.report({ own: shares['own'], noise: Math.min(...noises.map((name) => shares[name] ?? 0)) });

  // Somebody moves a vCPU among the noise: it is found and moved back, and told.
  const own = qemuOf('own');
  const vcpu = firstVcpu(own);
  const allowed = (): string => /Cpus_allowed_list:\s*(\S+)/.exec(text(`/proc/${own}/task/${vcpu}/status`))?.[1] ?? '';
  execFileSync('taskset', ['--cpu-list', '--pid', '10', vcpu]);
  const moved = allowed();
  const abort = new AbortController();
  for await (const line of core.lines({ path: '/api/v1/namespaces/default/events?watch=true', signal: abort.signal })) {
    const { object } = line as { readonly object: { readonly reason?: string; readonly message?: string } };
    if (object.reason !== 'AffinityDrifted') continue;
    lab.report({ moved, back: allowed(), told: object.message });
    abort.abort();
    break;
  }
  await core.end();
};

export default main;
