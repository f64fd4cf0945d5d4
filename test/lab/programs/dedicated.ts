// Owns a run of the product on a computer of two memory nodes with machines that have cores of their own: one of real time, one beside noise.
// Must not judge what came of it; the test does.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../../electron/api/object.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { awaitPhase, machinesPath, runVerbPath } from '../../bench/machines.ts';
import { heldMachine } from '../inside/held-machine.ts';
import type { LabProgramMain, LabSide } from '../inside/lab-side.ts';
import { argumentsOf, hugeMappings, isVcpu, placesOf, qemuOf, threadsOf, timeOf } from '../inside/qemu-threads.ts';

const nodesPath = '/api/v1/nodes';
const onNode1 = { 'topology.virtdeck.io/numa': '1' };
const windowMs = 4_000;

/** The boot sector `cli; jmp $`: does nothing, for ever. */
function spinner(name: string): object {
  const file = `/tmp/spin-${name}.img`;
  const disk = Buffer.alloc(1024 * 1024);
  disk.set([0xfa, 0xeb, 0xfe]);
  disk.set([0x55, 0xaa], 510);
  writeFileSync(file, disk);
  return { name: 'spin', hostDisk: { path: file, type: 'Disk' } };
}

const ownCore = { sockets: 1, cores: 1, threads: 2, dedicatedCpuPlacement: true, isolateEmulatorThread: true };

/** Promised so little that several have room. */
const small = {
  memory: { guest: '64Mi' },
  resources: { overcommitGuestOverhead: true },
  devices: { disks: [{ name: 'spin', disk: { bus: 'virtio' } }] },
};

async function start(core: CoreProcess, name: string, domain: object): Promise<number> {
  const body = heldMachine(name, { domain: { ...small, ...domain }, nodeSelector: onNode1, volumes: [spinner(name)] });
  await core.request({ method: 'POST', path: machinesPath, body });
  await awaitPhase(core, name, 'Running');
  return qemuOf(name);
}

interface Share {
  /** Of the time, 0 to 1: it ran. */
  readonly ran: number;
  /** It wanted to run: it ran or it waited. */
  readonly wanted: number;
}

async function sharesOf(pids: readonly number[]): Promise<readonly Share[]> {
  const threads = pids.map((pid) => ({ pid, thread: threadsOf(pid).find(isVcpu) ?? { id: '' } }));
  const before = threads.map(({ pid, thread }) => timeOf(pid, thread));
  const begin = process.hrtime.bigint();
  await delay(windowMs);
  const wallNs = Number(process.hrtime.bigint() - begin);
  return threads.map(({ pid, thread }, index) => {
    const { ranNs, waitedNs } = timeOf(pid, thread);
    const ran = ranNs - (before[index]?.ranNs ?? 0);
    return { ran: ran / wallNs, wanted: (ran + waitedNs - (before[index]?.waitedNs ?? 0)) / wallNs };
  });
}

/** Over a window in which all of them spin: a firmware sleeps now and then. */
async function spinningShares(pids: readonly number[]): Promise<readonly number[]> {
  for (;;) {
    const shares = await sharesOf(pids);
    if (shares.every(({ wanted }) => wanted > 0.9)) return shares.map(({ ran }) => ran);
  }
}

const main: LabProgramMain = async (lab) => {
  // Linux' own brake on threads of real time, which an administrator takes off for such a machine.
  writeFileSync('/proc/sys/kernel/sched_rt_runtime_us', '-1');
  const core = await startCore();
  const { items } = (await core.request({ path: nodesPath })) as { readonly items: readonly KubeObject[] };
  for (const { metadata } of items) {
    const body = { metadata: { labels: { cpumanager: 'true' } } };
    await core.request({ method: 'PATCH', path: `${nodesPath}/${metadata.name}`, body, contentType: 'application/merge-patch+json' });
  }
  await realTime(core, lab);
  await besideNoise(core, lab);
  await core.end();
};

async function realTime(core: CoreProcess, lab: LabSide): Promise<void> {
  const pid = await start(core, 'prompt', {
    cpu: {
      ...ownCore,
      numa: { guestMappingPassthrough: {} },
      realtime: { mask: '0' },
    },
    memory: { guest: '64Mi', hugepages: { pageSize: '2Mi' } },
    ioThreadsPolicy: 'supplementalPool',
    ioThreads: { supplementalPoolThreadCount: 1 },
  });
  const threads = threadsOf(pid);
  const args = argumentsOf(pid);
  const others = threads.filter((thread) => !isVcpu(thread) && thread.name !== 'IO iothread0');
  lab.report({
    vcpus: threads.filter(isVcpu).map(({ cpus, policy }) => `${cpus} policy ${policy}`),
    ioThread: threads.filter(({ name }) => name === 'IO iothread0').map(({ cpus, policy }) => `${cpus} policy ${policy}`),
    others: [...new Set(others.map(({ cpus, policy }) => `${cpus} policy ${policy}`))],
    smp: args[args.indexOf('-smp') + 1],
    numa: args.filter((_arg, index) => args[index - 1] === '-numa'),
    memory: hugeMappings(pid),
  });
  const gone = awaitPhase(core, 'prompt', 'gone');
  await core.request({ method: 'DELETE', path: `${machinesPath}/prompt`, body: { gracePeriodSeconds: 0 } });
  await gone;
}

async function besideNoise(core: CoreProcess, lab: LabSide): Promise<void> {
  const own = await start(core, 'own', {
    cpu: ownCore,
    ioThreadsPolicy: 'auto',
  });
  const unpause = (name: string) => core.request({ method: 'PUT', path: runVerbPath(name, 'unpause'), body: {} });
  await unpause('own');
  const [alone] = await spinningShares([own]);
  const noises: number[] = [];
  for (const name of ['noise-1', 'noise-2', 'noise-3']) {
    noises.push(await start(core, name, { cpu: { sockets: 1, cores: 1, threads: 1 } }));
    await unpause(name);
  }
  const [beside, ...noise] = await spinningShares([own, ...noises]);
  lab.report({ own: placesOf(own), noise: noises.map((pid) => placesOf(pid).vcpus.join()), alone, beside, loudest: Math.max(...noise) });

  // Somebody moves a vCPU among the noise: it is found, moved back, and told.
  const vcpu = threadsOf(own).find(isVcpu)?.id ?? '';
  const allowed = (): string => /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync(`/proc/${own}/task/${vcpu}/status`, 'utf8'))?.[1] ?? '';
  execFileSync('taskset', ['--cpu-list', '--pid', '10', vcpu]);
  const moved = allowed();
  const abort = new AbortController();
  for await (const line of core.lines({ path: '/api/v1/namespaces/default/events?watch=true', signal: abort.signal })) {
    const { object } = line as { readonly object: { readonly reason?: string; readonly message?: string } };
    if (object.reason !== 'AffinityDrifted') continue;
    lab.report({ moved, back: allowed(), told: object.message });
    break;
  }
  abort.abort();
}

export default main;
