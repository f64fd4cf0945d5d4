// Owns applying an instance type to a machine, and what of the machine's own stands against it (KubeVirt v1.9.0, pkg/instancetype/apply).
// Must not apply a preference, except for the layout of the processors that are counted here.
import type { Cause } from '../../api/errors.ts';
import type { InstancetypeSpec } from '../../api/kinds/instancetype.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { formatQuantity, parseQuantity } from '../../api/quantity.ts';
import { invalid } from '../validate/rule.ts';
import type { Annotations, Applicable, Choice } from './choice.ts';
import { topologyOf } from './topology.ts';

type Spec = VirtualMachineInstanceSpec;

/** A field that both would set. `path` is where the machine's spec stands. */
interface ClashRule {
  readonly field: string;
  readonly clashes: (spec: Spec, type: InstancetypeSpec) => boolean;
}

function isSet(count: number | undefined): boolean {
  return count !== undefined && count !== 0;
}

/** Fields that say how much: an instance type says all of it, so the machine may say none. The order is KubeVirt's. */
const clashRules: readonly ClashRule[] = [
  { field: 'nodeSelector', clashes: (spec, type) => type.nodeSelector !== undefined && spec.nodeSelector !== undefined },
  { field: 'schedulerName', clashes: (spec, type) => isText(type.schedulerName) && isText(spec.schedulerName) },
  { field: 'domain.resources.requests.cpu', clashes: ({ domain }) => domain.resources?.requests?.['cpu'] !== undefined },
  { field: 'domain.resources.limits.cpu', clashes: ({ domain }) => domain.resources?.limits?.['cpu'] !== undefined },
  { field: 'domain.cpu.sockets', clashes: ({ domain }) => isSet(domain.cpu?.sockets) },
  { field: 'domain.cpu.cores', clashes: ({ domain }) => isSet(domain.cpu?.cores) },
  { field: 'domain.cpu.threads', clashes: ({ domain }) => isSet(domain.cpu?.threads) },
  { field: 'domain.cpu.model', clashes: ({ domain }, { cpu }) => isText(domain.cpu?.model) && cpu.model !== undefined },
  {
    field: 'domain.cpu.dedicatedCpuPlacement',
    clashes: ({ domain }, { cpu }) => domain.cpu?.dedicatedCpuPlacement === true && cpu.dedicatedCPUPlacement !== undefined,
  },
  {
    field: 'domain.cpu.isolateEmulatorThread',
    clashes: ({ domain }, { cpu }) => domain.cpu?.isolateEmulatorThread === true && cpu.isolateEmulatorThread !== undefined,
  },
  { field: 'domain.cpu.numa', clashes: ({ domain }, { cpu }) => domain.cpu?.numa !== undefined && cpu.numa !== undefined },
  { field: 'domain.cpu.realtime', clashes: ({ domain }, { cpu }) => domain.cpu?.realtime !== undefined && cpu.realtime !== undefined },
  { field: 'domain.memory.guest', clashes: ({ domain }) => domain.memory?.guest !== undefined },
  {
    field: 'domain.memory.hugepages',
    clashes: ({ domain }, { memory }) => domain.memory?.hugepages !== undefined && memory.hugepages !== undefined,
  },
  {
    field: 'domain.memory.maxGuest',
    clashes: ({ domain }, { memory }) => domain.memory?.maxGuest !== undefined && memory.maxGuest !== undefined,
  },
  { field: 'domain.resources.requests.memory', clashes: ({ domain }) => domain.resources?.requests?.['memory'] !== undefined },
  { field: 'domain.resources.limits.memory', clashes: ({ domain }) => domain.resources?.limits?.['memory'] !== undefined },
  {
    field: 'domain.ioThreadsPolicy',
    clashes: ({ domain }, type) => domain.ioThreadsPolicy !== undefined && type.ioThreadsPolicy !== undefined,
  },
  { field: 'domain.ioThreads', clashes: ({ domain }, type) => domain.ioThreads !== undefined && type.ioThreads !== undefined },
  {
    field: 'domain.launchSecurity',
    clashes: ({ domain }, type) => domain.launchSecurity !== undefined && type.launchSecurity !== undefined,
  },
  {
    field: 'domain.devices.gpus',
    clashes: ({ domain }, type) => (domain.devices.gpus ?? []).length > 0 && (type.gpus ?? []).length > 0,
  },
  {
    field: 'domain.devices.hostDevices',
    clashes: ({ domain }, type) => (domain.devices.hostDevices ?? []).length > 0 && (type.hostDevices ?? []).length > 0,
  },
];

function isText(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

/** What the machine says and the instance type says already. */
export function clashes({ spec, annotations }: Applicable, type: InstancetypeSpec, path: string): readonly Cause[] {
  const fields = clashRules.filter((rule) => rule.clashes(spec, type)).map(({ field }) => `${path}.${field}`);
  const marked = Object.entries(type.annotations ?? {})
    .filter(([key, value]) => annotations[key] !== undefined && annotations[key] !== value)
    .map(([key]) => `annotations.${key}`);
  return [...fields, ...marked].map((field) =>
    invalid(field, `VM field(s) ${field} conflicts with selected instance type`, 'Remove it, or choose no instance type.'),
  );
}

/** The machine with the size of its instance type. It must be free of clashes. */
export function withInstancetype({ spec, annotations }: Applicable, { instancetype, preference }: Choice): Applicable {
  if (instancetype === undefined) return { spec, annotations };
  const {
    cpu,
    memory,
    gpus = [],
    hostDevices = [],
    nodeSelector,
    schedulerName,
    ioThreads,
    ioThreadsPolicy,
    launchSecurity,
  } = instancetype;
  const { dedicatedCPUPlacement, guest, ...sameNames } = cpu;
  const { domain } = spec;
  return {
    annotations: added(instancetype.annotations, annotations),
    spec: {
      ...spec,
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      ...(schedulerName === undefined ? {} : { schedulerName }),
      domain: {
        ...domain,
        cpu: {
          ...domain.cpu,
          ...sameNames,
          // The instance type spells it with three capitals.
          ...(dedicatedCPUPlacement === undefined ? {} : { dedicatedCpuPlacement: dedicatedCPUPlacement }),
          ...topologyOf(guest, preference),
        },
        memory: { ...domain.memory, ...memoryOf(memory) },
        ...overcommitted(domain, memory),
        ...(ioThreadsPolicy === undefined ? {} : { ioThreadsPolicy }),
        ...(ioThreads === undefined ? {} : { ioThreads }),
        ...(launchSecurity === undefined ? {} : { launchSecurity }),
        devices: {
          ...domain.devices,
          ...(gpus.length === 0 ? {} : { gpus }),
          ...(hostDevices.length === 0 ? {} : { hostDevices }),
        },
      },
    },
  };
}

/** What is there wins: an annotation is never overwritten. */
export function added(more: Annotations | undefined, own: Annotations): Annotations {
  return more === undefined ? own : { ...more, ...own };
}

function memoryOf({
  overcommitPercent: _percent,
  ...memory
}: InstancetypeSpec['memory']): Omit<InstancetypeSpec['memory'], 'overcommitPercent'> {
  return memory;
}

const nanoPerByte = 1_000_000_000n;

/** Overcommit: less is asked for than the guest sees. Whole bytes, rounded down. */
function overcommitted(
  domain: Spec['domain'],
  { guest, overcommitPercent = 0 }: InstancetypeSpec['memory'],
): Pick<Spec['domain'], 'resources'> {
  const parsed = parseQuantity(guest);
  if (overcommitPercent <= 0 || !parsed.ok) return {};
  const { nano, format } = parsed.quantity;
  const bytes = ((nano / nanoPerByte) * BigInt(100 - overcommitPercent)) / 100n;
  const memory = formatQuantity({ nano: bytes * nanoPerByte, format });
  return { resources: { ...domain.resources, requests: { ...domain.resources?.requests, memory } } };
}
