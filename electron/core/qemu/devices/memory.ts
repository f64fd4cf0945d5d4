// Owns the guest's memory: how much, and what it is made of.
// Must not decide whether there is enough for all; placement and quota do. Here it is only said.
import type { Cause } from '../../../api/errors.ts';
import type { JsonObject } from '../../../api/object.ts';
import { bytesOf, mebibytesOf } from '../../../api/quantity.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { hotplugMemoryMiB } from '../../reconcile/growth.ts';
import { jsonOption, keyedOption } from '../args.ts';
import type { Family } from '../fragment.ts';
import type { Argument } from '../launch-plan.ts';
import { virtioOnRootComplex } from '../pci.ts';
import { guestNodes, nodeMemoryId, numaArguments, numaCauses } from './guest-numa.ts';

const mebibyte = 1024 * 1024;

/** QOM id of the memory that comes while the guest runs. */
export const laterMemoryId = 'memory1';

interface GuestMemory {
  readonly mib: number;
  readonly field: string;
}

/** `memory.guest`, else the request, else the limit, else one huge page. Undefined when none is a quantity. */
export function guestMemory({ spec: { domain } }: VirtualMachineInstance): GuestMemory | undefined {
  const candidates = [
    { field: 'spec.domain.memory.guest', value: domain.memory?.guest },
    { field: 'spec.domain.resources.requests.memory', value: domain.resources?.requests?.memory },
    { field: 'spec.domain.resources.limits.memory', value: domain.resources?.limits?.memory },
    { field: 'spec.domain.memory.hugepages.pageSize', value: domain.memory?.hugepages?.pageSize },
  ];
  // Rounded up to whole MiB: QEMU rounds `-m` by itself, and then refuses a backend of another size.
  const known = candidates.map(({ field, value }) => ({ field, mib: mebibytesOf(value) ?? 0 }));
  return known.find(({ mib }) => mib > 0);
}

export const memoryFamily: Family = (vmi, facts) => {
  const { host, promisedMiB, binding } = facts;
  const memory = guestMemory(vmi);
  if (memory === undefined) {
    return {
      causes: [
        {
          reason: 'FieldValueRequired',
          field: 'spec.domain.memory.guest',
          message:
            "no memory requested, at least one of 'spec.domain.memory.guest', 'spec.domain.memory.hugepages.pageSize' or 'spec.domain.resources.requests.memory' must be set",
          fix: 'Set spec.domain.memory.guest, for example to 1Gi.',
        },
      ],
    };
  }
  const { mib, field } = memory;
  const pageSize = vmi.spec.domain.memory?.hugepages?.pageSize;
  const nodes = guestNodes(vmi, facts, mib);
  const causes = [...(pageSize === undefined ? [] : pageCauses(mib, pageSize)), ...(nodes === undefined ? [] : numaCauses(nodes, mib))];
  const source = { field: pageSize === undefined ? field : 'spec.domain.memory.hugepages' };
  const laterMiB = hotplugMemoryMiB(vmi.spec.domain);
  return {
    args: [
      keyedOption('-m', { pairs: { size: `${mib}M`, ...(laterMiB === 0 ? {} : { maxmem: `${mib + laterMiB}M` }) } }, { field }),
      ...(nodes === undefined
        ? [jsonOption('-object', { ...backend({ id: 'ram0', mib }, pageSize), ...boundTo(binding.memoryNodes) }, source)]
        : nodes.map((node, index) => {
            const part = backend({ id: nodeMemoryId(index), mib: node.mib }, pageSize);
            return jsonOption('-object', { ...part, ...boundTo(binding.memoryNodes.length === 0 ? [] : [node.hostNode]) }, source);
          })),
      ...numaArguments(vmi, nodes ?? [], host.topology),
      ...(laterMiB === 0 ? [] : laterMemory(laterMiB, binding.memoryNodes)),
    ],
    // Nodes name their memory themselves.
    ...(nodes === undefined ? { machine: { 'memory-backend': { value: 'ram0' } } } : {}),
    causes,
    warnings: shortages({ mib, field, promisedMiB, ...host.memory }),
    passed:
      causes.length === 0 && mib <= host.memory.availableMiB
        ? [`${mib} MiB of memory, ${host.memory.availableMiB} MiB are available.`]
        : [],
  };
};

/** Empty at the start. The guest is told at any time how much of it it may use, and takes it or gives it back block by block. */
function laterMemory(mib: number, memoryNodes: readonly number[]): readonly Argument[] {
  const field = 'spec.domain.memory.maxGuest';
  const later = { 'qom-type': 'memory-backend-ram', id: 'ram1', size: mib * mebibyte, reserve: false, ...boundTo(memoryNodes) };
  return [
    jsonOption('-object', later, { field, reason: 'Room for memory that is added while the guest runs; nothing of it is taken yet.' }),
    jsonOption('-device', { driver: 'virtio-mem-pci', id: laterMemoryId, memdev: 'ram1', ...virtioOnRootComplex('memory') }, { field }),
  ];
}

function backend({ id, mib }: { readonly id: string; readonly mib: number }, pageSize: string | undefined) {
  // Ordinary anonymous memory: the kernel can merge it (KSM) and back it with transparent huge pages; a memfd it cannot.
  if (pageSize === undefined) return { 'qom-type': 'memory-backend-ram', id, size: mib * mebibyte };
  return {
    'qom-type': 'memory-backend-memfd',
    id,
    size: mib * mebibyte,
    hugetlb: true,
    hugetlbsize: bytesOf(pageSize),
    share: true,
    // Taken now, while a failure is an error message: a page that is missing later is a SIGBUS.
    prealloc: true,
  };
}

/** The kernel takes the pages from these memory nodes alone; without them from anywhere. */
function boundTo(memoryNodes: readonly number[]): JsonObject {
  return memoryNodes.length === 0 ? {} : { 'host-nodes': [...memoryNodes], policy: 'bind' };
}

function pageCauses(mib: number, pageSize: string): readonly Cause[] {
  const bytes = bytesOf(pageSize);
  const field = 'spec.domain.memory.hugepages.pageSize';
  // The page sizes of x86-64.
  if (bytes !== 2 * mebibyte && bytes !== 1024 * mebibyte) {
    return [{ reason: 'FieldValueNotSupported', field, message: `This processor has no pages of ${pageSize}.`, fix: 'Use 2Mi or 1Gi.' }];
  }
  if ((mib * mebibyte) % bytes === 0) return [];
  return [
    {
      reason: 'FieldValueInvalid',
      field,
      message: `${mib} MiB of memory are not a multiple of the page size ${pageSize}.`,
      fix: 'Change the memory or the page size.',
    },
  ];
}

function shortages(
  memory: GuestMemory & { readonly promisedMiB: number; readonly availableMiB: number; readonly totalMiB: number },
): readonly Cause[] {
  const { mib, field, promisedMiB, availableMiB, totalMiB } = memory;
  if (mib > availableMiB) {
    return [
      {
        reason: 'MemoryShort',
        field,
        message: `The guest may use ${mib} MiB; ${availableMiB} MiB are available now.`,
        fix: 'Give it less, or stop another machine.',
      },
    ];
  }
  if (promisedMiB + mib <= totalMiB) return [];
  return [
    {
      reason: 'MemoryOvercommitted',
      field,
      message: `Running machines are promised ${promisedMiB} MiB; with ${mib} MiB more it is over the ${totalMiB} MiB of this computer.`,
      fix: 'Fine as long as the guests do not use all of it; otherwise stop another machine.',
    },
  ];
}
