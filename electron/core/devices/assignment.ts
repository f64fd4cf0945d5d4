// Owns which device of this computer each entry of a machine gets, and every reason why one gets none.
// Must not write arguments; core/qemu/devices/host-devices.ts does.
import { annotations } from '../../api/annotations.ts';
import type { Cause } from '../../api/errors.ts';
import type { FixAction } from '../../api/fix-actions.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { functionCardName, functionCards, functionResource, type NetworkResources } from './function-cards.ts';
import { hostDeviceOptions, type HostDeviceOption } from './device-options.ts';
import type { DeviceGrant, DeviceResource, GrantedDevice } from './permitted.ts';

export interface DeviceFacts {
  readonly resources: readonly DeviceResource[];
  /** Device, as in a grant → `namespace/name` of the other machine that has it. */
  readonly held: ReadonlyMap<string, string>;
  readonly networkResources: NetworkResources;
  /** What this user may lock in memory, in bytes; absent: all of it. */
  readonly lockLimitBytes?: number;
  /** Whether an administrator's password can raise that limit. */
  readonly mayRaiseLockLimit: boolean;
  /** Interrupts are not remapped, and somebody allowed that. */
  readonly hasUnsafeInterrupts?: boolean;
}

export const noDevices: DeviceFacts = { resources: [], held: new Map(), networkResources: new Map(), mayRaiseLockLimit: false };

export interface AskedDevice {
  readonly name: string;
  readonly resourceName: string;
  readonly kind: 'gpu' | 'hostDevice' | 'card';
  /** `spec.domain.devices.gpus[0]`. */
  readonly field: string;
  /** Of it, what says which device is meant: `spec.domain.devices.gpus[0].deviceName`. */
  readonly nameField: string;
  /** Of a network card. */
  readonly bootOrder?: number;
  readonly option: HostDeviceOption;
}

export interface GivenDevice {
  readonly asked: AskedDevice;
  readonly grant: DeviceGrant;
}

export interface Assignment {
  readonly given: readonly GivenDevice[];
  /** Entries that get none, those too that the machine may go without. */
  readonly refused: readonly { readonly asked: AskedDevice; readonly cause: Cause }[];
  readonly causes: readonly Cause[];
  /** What the machine goes without, as it says it may. */
  readonly warnings: readonly Cause[];
}

/** Whether any device of this computer is asked for. */
export function asksForDevices({ domain }: Pick<VirtualMachineInstance['spec'], 'domain'>): boolean {
  return askedDeviceCount({ domain }) > 0;
}

export function askedDeviceCount({ domain }: Pick<VirtualMachineInstance['spec'], 'domain'>): number {
  const { gpus = [], hostDevices = [] } = domain.devices;
  return gpus.length + hostDevices.length + functionCards(domain.devices).length;
}

/** Those whose network names its resource; of the others their family tells. */
function askedFunctions(vmi: VirtualMachineInstance, { networkResources }: DeviceFacts): readonly AskedDevice[] {
  const { options } = hostDeviceOptions(vmi.metadata.annotations);
  return functionCards(vmi.spec.domain.devices).flatMap(({ card, field }) => {
    const resourceName = functionResource(vmi, { card }, networkResources);
    if (resourceName === undefined) return [];
    const name = functionCardName(card.name);
    const { bootOrder } = card;
    const asked = { name, resourceName, kind: 'card', field, nameField: `${field}.sriov`, option: options[name] ?? {} } as const;
    return [bootOrder === undefined ? asked : { ...asked, bootOrder }];
  });
}

/** GPUs first: that is the order in which KubeVirt hands devices out. */
function askedDevices(vmi: VirtualMachineInstance, facts: DeviceFacts): readonly AskedDevice[] {
  const { gpus = [], hostDevices = [] } = vmi.spec.domain.devices;
  const { options } = hostDeviceOptions(vmi.metadata.annotations);
  const rows = [
    ...gpus.map((gpu, index) => ({ ...gpu, kind: 'gpu' as const, field: `spec.domain.devices.gpus[${index}]` })),
    ...hostDevices.map((device, index) => ({ ...device, kind: 'hostDevice' as const, field: `spec.domain.devices.hostDevices[${index}]` })),
  ];
  const devices = rows.map(({ name, deviceName = '', kind, field }) => ({
    name,
    resourceName: deviceName,
    kind,
    field,
    nameField: `${field}.deviceName`,
    option: options[name] ?? {},
  }));
  return [...devices, ...askedFunctions(vmi, facts)];
}

/** On `node`, or on any when it is absent. Fixed addresses are served first, so that nobody else takes them. */
export function assignDevices(vmi: VirtualMachineInstance, facts: DeviceFacts, node?: string): Assignment {
  const asked = askedDevices(vmi, facts);
  const ordered = asked.toSorted((a, b) => Number(b.option.address !== undefined) - Number(a.option.address !== undefined));
  const taken = new Set<string>();
  const answers = new Map<AskedDevice, DeviceGrant | Cause>();
  for (const one of ordered) {
    const answer = grantFor(one, { facts, taken, node });
    answers.set(one, answer);
    // The same group by another resource's name is another grant of the same machine: VFIO lets one process have all of it.
    if ('devices' in answer) taken.add(grantKey(one.resourceName, answer));
  }
  const rows = asked.map((one) => ({ asked: one, answer: answers.get(one) }));
  const refused = rows.flatMap((row) =>
    row.answer === undefined || 'devices' in row.answer ? [] : [{ asked: row.asked, cause: row.answer }],
  );
  return {
    refused,
    given: rows.flatMap((row) => (row.answer !== undefined && 'devices' in row.answer ? [{ asked: row.asked, grant: row.answer }] : [])),
    causes: refused.filter(({ asked: { option } }) => option.optional !== true).map((row) => row.cause),
    warnings: refused
      .filter((row) => row.asked.option.optional === true)
      .map((row) => ({
        reason: row.cause.reason,
        field: row.cause.field,
        message: `The machine starts without it: ${row.cause.message}`,
      })),
  };
}

interface Choice {
  readonly facts: DeviceFacts;
  readonly taken: ReadonlySet<string>;
  readonly node: string | undefined;
}

function grantFor(asked: AskedDevice, { facts, taken, node }: Choice): DeviceGrant | Cause {
  const { resourceName, option } = asked;
  const resource = facts.resources.find(({ name }) => name === resourceName);
  if (resource === undefined) return notPermitted(asked);
  const fixed = option.address;
  const { unready } = resource;
  const grants = asked.kind === 'card' ? resource.grants.filter(isCardFunction) : resource.grants;
  if (grants.length === 0 && resource.grants.length > 0) return noFunction(asked, resource.grants);
  const fitting = fixed === undefined ? grants : grants.filter(({ devices }) => devices.some((device) => addressOf(device) === fixed));
  const free = fitting.filter((grant) => holderOf(grant, facts) === undefined && !taken.has(grantKey(resourceName, grant)));
  const here = free.find((grant) => node === undefined || grant.node === node);
  if (here !== undefined) return here;
  if (free[0] !== undefined) return elsewhere(asked, free[0], node ?? '');
  const holders = fitting.flatMap((grant) => holderOf(grant, facts) ?? []);
  if (holders.length > 0) return inUse(asked, fitting, holders);
  const [stuck] = fixed === undefined ? unready : unready.filter(({ address }) => address === fixed);
  if (stuck !== undefined) return cause(asked, stuck);
  if (fixed !== undefined && fitting.length === 0) return notOfResource(asked, fixed);
  return grants.length > 0 ? askedTooOften(asked, grants.length) : notThere(asked, resource);
}

function grantKey(resourceName: string, { id }: DeviceGrant): string {
  return `${resourceName} ${id}`;
}

/** A card of a machine is one function; what shares its group would come along, and be nobody's. */
function isCardFunction({ devices }: DeviceGrant): boolean {
  const [device] = devices;
  return devices.length === 1 && device?.type === 'pci' && device.functionOf !== undefined && device.classCode.startsWith('02');
}

export function addressOf(device: GrantedDevice): string {
  if (device.type === 'pci') return device.address;
  return device.type === 'usb' ? device.port : device.uuid;
}

function holderOf({ id, devices }: DeviceGrant, { held }: DeviceFacts): string | undefined {
  return [id, ...devices.map(addressOf)].map((one) => held.get(one)).find((holder) => holder !== undefined);
}

// ---------------------------------------------------------------- what was given, written down

/** All that a machine holds, so that nobody else gets it: devices, and the groups that they are of. */
export function heldBy(vmi: Pick<VirtualMachineInstance, 'metadata'>): readonly string[] {
  return Object.values(heldByName(vmi)).flat();
}

/** By name of the entry: its devices, and the group that they are of. */
export function heldByName({ metadata }: Pick<VirtualMachineInstance, 'metadata'>): Readonly<Record<string, readonly string[]>> {
  const text = metadata.annotations?.[annotations.hostDevices];
  return text === undefined ? {} : (JSON.parse(text) as Readonly<Record<string, readonly string[]>>);
}

export function givenText(given: readonly GivenDevice[]): string {
  return JSON.stringify(
    Object.fromEntries(given.map(({ asked, grant }) => [asked.name, [...new Set([...grant.devices.map(addressOf), grant.id])]])),
  );
}

// ---------------------------------------------------------------- why not

function notPermitted({ resourceName, kind, nameField }: AskedDevice): Cause {
  return {
    reason: 'HostDeviceNotPermitted',
    field: nameField,
    // As KubeVirt says it.
    message: `${kind === 'gpu' ? 'GPU' : 'HostDevice'} ${resourceName} is not permitted in permittedHostDevices configuration`,
    fix: 'Allow it in Host devices, or: kubectl edit hyperconverged kubevirt-hyperconverged -n openshift-cnv (spec.permittedHostDevices).',
  };
}

function noFunction(asked: AskedDevice, grants: readonly DeviceGrant[]): Cause {
  const addresses = grants.flatMap(({ devices }) => devices.map(addressOf)).join(', ');
  return cause(asked, {
    reason: 'NotVirtualFunction',
    message: `${asked.resourceName} stands for ${addresses}, and none of it is a virtual function of a network card with an IOMMU group of its own.`,
    fix: 'Let the name stand for virtual functions: the page Host devices makes them, and tells their vendor and device.',
  });
}

function notThere(asked: AskedDevice, { selectors, name }: DeviceResource): Cause {
  return cause(asked, {
    reason: 'HostDeviceMissing',
    message: `This computer has no device ${selectors.join(' or ')}, which ${name} stands for.`,
    fix: 'Plug it in, or correct the selector. See: virtdeck devices',
  });
}

function notOfResource(asked: AskedDevice, address: string): Cause {
  return cause(asked, {
    reason: 'HostDeviceMissing',
    message: `${address} is no device of ${asked.resourceName}.`,
    fix: `Change the address in ${annotations.hostDeviceOptions}, or leave it out.`,
  });
}

function inUse(asked: AskedDevice, grants: readonly DeviceGrant[], holders: readonly string[]): Cause {
  const names = [...new Set(holders)];
  const addresses = grants.flatMap(({ devices }) => devices.map(addressOf)).join(', ');
  const actions = names.map((holder): FixAction => {
    const [namespace = '', name = ''] = holder.split('/');
    return { type: 'StopMachine', namespace, name };
  });
  return {
    ...cause(asked, {
      reason: 'HostDeviceInUse',
      message: `${addresses}: in use by the machine ${names.join(', ')}.`,
      fix: 'Stop that machine, or take the device out of this one.',
    }),
    actions,
  };
}

function elsewhere(asked: AskedDevice, grant: DeviceGrant, node: string): Cause {
  return cause(asked, {
    reason: 'HostDeviceElsewhere',
    message: `${grant.devices.map(addressOf).join(', ')} is at the node ${grant.node}; the machine goes to ${node}.`,
    fix: `Let the machine go to ${grant.node}.`,
  });
}

function askedTooOften(asked: AskedDevice, count: number): Cause {
  return cause(asked, {
    reason: 'HostDeviceShort',
    message: `The machine asks for more of ${asked.resourceName} than the ${count} that this computer has.`,
    fix: 'Ask for fewer.',
  });
}

function cause({ nameField }: AskedDevice, words: { readonly reason: string; readonly message: string; readonly fix: string }): Cause {
  return { reason: words.reason, field: nameField, message: words.message, fix: words.fix };
}
