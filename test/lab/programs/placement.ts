// Owns a run of the product on a computer of two memory nodes: a machine bound to one of them, one with cores of its own beside it.
// Must not judge what came of it; the test does.
import { readFileSync } from 'node:fs';
import type { CoreProcess } from '../../bench/core-process.ts';
import { startCore } from '../../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath } from '../../bench/machines.ts';
import { annotations } from '../../../electron/api/annotations.ts';
import type { KubeObject } from '../../../electron/api/object.ts';
import { heldMachine } from '../inside/held-machine.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';
import { hugeMappings, placesOf, qemuOf } from '../inside/qemu-threads.ts';

const nodesPath = '/api/v1/nodes';
const settingsPath = '/apis/virtdeck.io/v1alpha1/settings/default';
const numaLabel = 'topology.virtdeck.io/numa';
const text = (file: string): string => readFileSync(file, 'utf8').trim();

async function patch(core: CoreProcess, path: string, body: object): Promise<unknown> {
  return await core.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
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
      isolated: node.metadata.annotations?.[annotations.isolatedCpus],
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
    near: placesOf(near).others,
    memory: hugeMappings(near)[0],
    free: [0, 1].map((node) => Number(text(`/sys/devices/system/node/node${node}/hugepages/hugepages-2048kB/free_hugepages`))),
  });

  for (const { metadata } of await nodes())
    await patch(core, `${nodesPath}/${metadata.name}`, { metadata: { labels: { cpumanager: 'true' } } });
  await core.request({
    method: 'POST',
    path: machinesPath,
    body: heldMachine('own', {
      domain: {
        memory: { guest: '64Mi' },
        cpu: { sockets: 1, cores: 1, threads: 2, dedicatedCpuPlacement: true, isolateEmulatorThread: true },
      },
      nodeSelector: { [numaLabel]: '1' },
    }),
  });
  await awaitPhase(core, 'own', 'Running');
  lab.report({ own: placesOf(qemuOf('own')), near: placesOf(near).others });

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
  await core.end();
};

export default main;
