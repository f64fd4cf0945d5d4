// Owns a run of the product on control groups of version 2 without systemd: a machine in its group, its limits changed, its group gone; and a kill.
// Must not judge what came of it; the test does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { KubeObject } from '../../../electron/api/object.ts';
import { createLimits } from '../../../electron/host/limits/limits.ts';
import { outOfMemory, ownGroup } from '../../../electron/host/qemu/out-of-memory.ts';
import { startCore } from '../../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, stopAndForget } from '../../bench/machines.ts';
import { recordingLog } from '../../fakes/recording-log.ts';
import { heldMachine } from '../inside/held-machine.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const root = '/sys/fs/cgroup';
const mebibyte = 1024 * 1024;

const machine = heldMachine('held', {
  runStrategy: 'Manual',
  domain: {
    memory: { guest: '64Mi' },
    resources: { requests: { memory: '64Mi', cpu: '500m' }, limits: { memory: '128Mi', cpu: '500m' } },
  },
});

/** Of the one machine that there is. */
function group(): { readonly values: Readonly<Record<string, string>>; readonly programs: readonly string[] } {
  const [name = ''] = readdirSync(`${root}/virtdeck`, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));
  const text = (file: string): string => readFileSync(file, 'utf8').trim();
  const files = ['memory.max', 'memory.high', 'memory.oom.group', 'cpu.max', 'cpu.weight', 'pids.max'];
  return {
    values: Object.fromEntries(files.map((file) => [file, text(`${root}/virtdeck/${name}/${file}`)])),
    programs: text(`${root}/virtdeck/${name}/cgroup.procs`)
      .split('\n')
      .map((pid) => text(`/proc/${pid}/comm`)),
  };
}

async function killedAtItsLimit(): Promise<unknown> {
  const limits = createLimits({ log: recordingLog() });
  const runDir = '/run/nowhere/kill';
  await limits.set(runDir, { memoryMaxBytes: 48 * mebibyte, cpuWeight: 100, cpuShares: 1024, tasksMax: 64, oomScoreAdj: 700 });
  const child = spawn('/bin/sh', ['-c', 'read go; exec tail /dev/zero'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const { pid = 0 } = child;
  await limits.join(runDir, pid);
  child.stdin.end('\n');
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  const own = await ownGroup(limits, runDir);
  const found = await outOfMemory({ pid, baseline: new Map(), ...(own === undefined ? {} : { own }) });
  await limits.release(runDir);
  return { signal, found, left: existsSync(`${root}/virtdeck/kill`) };
}

const main: LabProgramMain = async (lab) => {
  const core = await startCore();
  await core.request({ method: 'POST', path: machinesPath, body: machine });
  await core.request({ method: 'PUT', path: `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachines/held/start` });
  await awaitPhase(core, 'held', 'Running');
  const condition = async (): Promise<unknown> => {
    const { status } = (await core.request({ path: `${instancesPath}/held` })) as KubeObject<{
      readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[] };
    }>;
    const found = status?.conditions?.find(({ type }) => type === 'LimitsEnforced');
    return [found?.status, found?.message];
  };
  lab.report({ condition: await condition(), group: group() });
  const limits = { memory: '192Mi', cpu: '1500m' };
  await core.request({
    method: 'PATCH',
    path: `${machinesPath}/held`,
    body: { spec: { template: { spec: { domain: { resources: { limits } } } } } },
    contentType: 'application/merge-patch+json',
  });
  // The event is written after the values.
  await eventOf(core, 'LimitsChanged');
  lab.report({ changed: group().values });
  await stopAndForget(core, 'held');
  const left = readdirSync(`${root}/virtdeck`, { withFileTypes: true }).filter((one) => one.isDirectory()).length;
  await core.end();
  lab.report({ left });
  lab.report({ kill: await killedAtItsLimit() });
};

async function eventOf(core: Awaited<ReturnType<typeof startCore>>, reason: string): Promise<void> {
  const abort = new AbortController();
  try {
    for await (const line of core.lines({ path: '/api/v1/namespaces/default/events?watch=true', signal: abort.signal })) {
      if ((line as { object: { reason?: string } }).object.reason === reason) return;
    }
  } finally {
    abort.abort();
  }
}

export default main;
