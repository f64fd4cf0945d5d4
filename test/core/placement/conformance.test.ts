// Owns measuring charges and node selectors against the launcher pods recorded from KubeVirt v1.9.0 (data beside the project, when it is there).
// Must not count a case twice: it agrees in every number, or it is listed with the reason.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { mebibytesOf } from '../../../electron/api/quantity.ts';
import { type Amounts, amountsOf } from '../../../electron/core/placement/amounts.ts';
import { candidateOf } from '../../../electron/core/placement/candidate.ts';
import { chargeOf } from '../../../electron/core/placement/charge.ts';
import { overheadMiB } from '../../../electron/core/placement/overhead.ts';
import { topologyOf } from '../../../electron/core/qemu/topology.ts';
import { givenAmounts, withGivenAmounts } from '../../../electron/core/quota/given-amounts.ts';
import { knownPodDifferences, type PodPart } from './known-pod-differences.ts';

type ResourceList = Readonly<Record<string, string>>;

interface PodCase {
  readonly id: string;
  readonly name: string;
  readonly cpuAllocationRatio: number;
  readonly memoryOvercommit: number;
  readonly vmi: { readonly metadata: object; readonly spec: VirtualMachineInstance['spec'] };
  readonly pod: {
    readonly nodeSelector?: ResourceList | null;
    readonly resources?: { readonly compute?: { readonly requests?: ResourceList; readonly limits?: ResourceList } };
  };
}

const file = new URL('../../../../shared/kubevirt/pod-cases.json', import.meta.url);
const present = existsSync(file);
const where = present ? '' : ' (skipped: ../shared/kubevirt/pod-cases.json is not there)';
const cases = present ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly PodCase[] }).cases : [];

/** Upstream's tests hand over Go structs: what is missing there is empty. */
function machineOf({ vmi, cpuAllocationRatio, memoryOvercommit }: PodCase): VirtualMachineInstance {
  const { domain } = vmi.spec;
  const spec = { ...vmi.spec, domain: { ...domain, devices: { ...domain?.devices } } };
  const run = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', ...vmi, spec } as VirtualMachineInstance;
  const density = { cpuAllocationRatio, memoryOvercommitPercentage: memoryOvercommit };
  return withGivenAmounts(run, givenAmounts({ ranges: [], quotas: [], labels: {}, density }));
}

const mebibyte = 1024 * 1024;
const charging = { accelerator: 'kvm', networkResources: new Map() } as const;

/** KubeVirt's GetMemoryOverhead, bytes: its own processes, QEMU, page tables of what is requested, devices. */
function overheadOfKubeVirt(vmi: VirtualMachineInstance): number {
  const { architecture, domain, volumes = [] } = vmi.spec;
  const { devices } = domain;
  const usesVfio =
    [...(devices.gpus ?? []), ...(devices.hostDevices ?? [])].length > 0 || devices.interfaces?.some(({ sriov }) => sriov) === true;
  const lines = [
    25 + 100 + 25 + 40 + 30 + 8 * topologyOf(vmi).vcpus + 8,
    devices.autoattachGraphicsDevice === false ? 0 : 32,
    (mebibytesOf(domain.resources?.requests?.memory) ?? 0) / 512,
    usesVfio ? 1024 : 0,
    devices.tpm === undefined ? 0 : 53,
    domain.cpu?.dedicatedCpuPlacement === true ? 100 : 0,
    architecture === 'arm64' ? 128 : 0,
    volumes.some(({ downwardMetrics }) => downwardMetrics !== undefined) ? 1 : 0,
  ];
  return lines.reduce((sum, mib) => sum + mib, 0) * mebibyte;
}

/** Containers' own resources, and permissions that KubeVirt counts as devices, have no like here. */
function comparable(amounts: Amounts): readonly (readonly [string, number])[] {
  return (
    Object.entries(amounts)
      .filter(([name]) => name !== 'memory' && name !== 'ephemeral-storage' && !name.startsWith('devices.kubevirt.io/'))
      // Guests have whole MiB here: QEMU takes no other size. KubeVirt refuses what is not whole pages, but not in these cases.
      .map(([name, amount]) => [name, name.startsWith('hugepages-') ? Math.ceil(amount / mebibyte) : amount] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
  );
}

/** What is left of memory without either's overhead, to the next two MiB: KubeVirt rounds its page tables. */
function memoryOf(amounts: Amounts, overhead: number, isOvercommitted: boolean): number {
  // Plus 0: no -0.
  return Math.round(((amounts['memory'] ?? 0) - (isOvercommitted ? 0 : overhead)) / (2 * mebibyte)) + 0;
}

type Parts = Readonly<Record<PodPart, unknown>>;

function compared(recorded: PodCase): { readonly ours: Parts; readonly theirs: Parts } {
  const vmi = machineOf(recorded);
  const compute = recorded.pod.resources?.compute ?? {};
  const [ours, theirs] = [chargeOf(vmi, charging), { requests: amountsOf(compute.requests), limits: amountsOf(compute.limits) }];
  const [overhead, theirOverhead] = [overheadMiB(vmi, 'kvm') * mebibyte, overheadOfKubeVirt(vmi)];
  const isOvercommitted = vmi.spec.domain.resources?.overcommitGuestOverhead === true;
  const asks = candidateOf(vmi, charging).asks.filter(({ requirement }) => requirement.operator === 'In');
  return {
    ours: {
      requests: comparable(ours.requests),
      limits: comparable(ours.limits),
      memory: memoryOf(ours.requests, overhead, isOvercommitted),
      selector: [...new Set(asks.map(({ requirement }) => requirement.key))].toSorted(),
    },
    theirs: {
      requests: comparable(theirs.requests),
      limits: comparable(theirs.limits),
      memory: memoryOf(theirs.requests, theirOverhead, isOvercommitted),
      // The chapter of OpenShift 4.9 labels nodes `cpumanager`; KubeVirt has put its own prefix before it since.
      selector: Object.keys(recorded.pod.nodeSelector ?? {})
        .map((key) => key.replace('kubevirt.io/cpumanager', 'cpumanager'))
        .toSorted(),
    },
  };
}

describe.skipIf(!present)(`charges beside the launcher pods recorded from KubeVirt v1.9.0${where}`, () => {
  const listed = new Map(knownPodDifferences.flatMap(({ parts, cases: ids }) => ids.map((id) => [id, parts] as const)));
  const answered = cases.map((recorded) => ({ id: recorded.id, name: recorded.name, ...compared(recorded) }));
  const parts: readonly PodPart[] = ['requests', 'limits', 'memory', 'selector'];
  const differing = ({ ours, theirs }: Pick<(typeof answered)[number], 'ours' | 'theirs'>): readonly PodPart[] =>
    parts.filter((part) => JSON.stringify(ours[part]) !== JSON.stringify(theirs[part]));

  test(`${answered.filter((row) => differing(row).length === 0).length} of ${answered.length} agree, the others are listed with the reason`, () => {
    const unlisted = answered.filter((row) => !listed.has(row.id));
    expect(unlisted.map(({ id, name, ours }) => ({ id, name, ours }))).toEqual(
      unlisted.map(({ id, name, theirs }) => ({ id, name, ours: theirs })),
    );
  });

  test('every listed case exists and differs in what is listed, and in nothing else', () => {
    const found = new Map(answered.map((row) => [row.id, differing(row)]));
    expect(Object.fromEntries([...listed.keys()].map((id) => [id, found.get(id)]))).toEqual(Object.fromEntries(listed));
  });
});
