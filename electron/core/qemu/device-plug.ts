// Owns how devices of this computer are plugged into a machine that runs: which it gets, behind which port, the QMP commands, and why not.
// Must not send them, nor know what the guest thinks of it.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { type AskedDevice, assignDevices, type DeviceFacts, type GivenDevice, heldBy } from '../devices/assignment.ts';
import { hostDeviceOptions } from '../devices/device-options.ts';
import { quotaFindings, type QuotaFacts } from '../quota/machine-quota.ts';
import { isOfDevice } from '../quota/quota-finding.ts';
import { cardArguments, type CardFunction, cardOf, cardsOf } from './devices/host-cards.ts';
import { deviceEntries } from '../reconcile/device-sync.ts';
import { romCauses, usbArguments } from './devices/host-devices.ts';
import { usbControllerId } from './devices/input.ts';
import { lockCauses, lockedMemoryMiB, overcommitCauses } from './devices/locked-memory.ts';
import type { Argument, QmpCommand } from './launch-plan.ts';
import { hostPortId, maxDiskPorts, maxHostPorts, portId } from './pci.ts';

/** What QEMU says of the devices that have a name. */
export interface RunningDevices {
  readonly ids: readonly string[];
  /** Names of the buses that have a device. */
  readonly buses: ReadonlySet<string>;
}

export interface DevicePlugFacts {
  /** `held` by other machines. */
  readonly devices: DeviceFacts;
  readonly running: RunningDevices;
  readonly unreadableFiles: ReadonlySet<string>;
  readonly quota?: QuotaFacts;
  readonly accelerator: 'kvm' | 'tcg';
}

/** What can only be plugged in together: entries that have functions of the same card. */
export interface DeviceBundle {
  readonly names: readonly string[];
  readonly given: readonly GivenDevice[];
  /** Of each card function 0 last: with it the guest looks at the card, and QEMU takes no more. */
  readonly commands: readonly QmpCommand[];
  /** What QEMU must be let to lock first. Absent without a card: nothing else writes to memory by itself. */
  readonly lockedMiB?: number;
}

export interface DeviceRefusal {
  readonly name: string;
  readonly causes: readonly Cause[];
  /** Nothing that happens while the machine runs changes it. */
  readonly needsRestart: boolean;
  /** The machine may go without it: nobody need be told. */
  readonly isOptional: boolean;
}

export interface DevicePlug {
  readonly bundles: readonly DeviceBundle[];
  readonly refused: readonly DeviceRefusal[];
}

/** `names` of entries that the machine does not have yet. */
export function devicePlug(vmi: VirtualMachineInstance, names: readonly string[], facts: DevicePlugFacts): DevicePlug {
  const { options } = hostDeviceOptions(vmi.metadata.annotations);
  const refuse = (name: string, causes: readonly Cause[]): DeviceRefusal => {
    const needsRestart = causes.some(({ reason }) => untilRestart.has(reason));
    return { name, causes, needsRestart, isOptional: options[name]?.optional === true };
  };
  const overQuota = quotaOf(vmi, facts);
  const early = names.flatMap((name) => {
    const causes = [...(options[name]?.primaryGpu === true ? [firstScreen(name)] : []), ...overQuota(name)];
    return causes.length === 0 ? [] : [refuse(name, causes)];
  });
  const { given, refused } = assigned(
    vmi,
    names.filter((name) => early.every((one) => one.name !== name)),
    facts.devices,
  );
  const ports = freePorts(facts.running);
  const bundles: DeviceBundle[] = [];
  const later: DeviceRefusal[] = [];
  for (const together of groupsOf(given)) {
    const cards = cardsOf(together);
    const causes = bundleCauses(vmi, together, { cards: cards.length, ports: ports.length, facts });
    if (causes.length > 0) later.push(...together.map(({ asked }) => refuse(asked.name, causes)));
    else bundles.push(bundleOf(vmi, together, ports.splice(0, cards.length)));
  }
  return { bundles, refused: [...early, ...refused.map(({ asked, cause }) => refuse(asked.name, [cause])), ...later] };
}

/** What the quota has against an entry. What is written down as asked for counts already. */
function quotaOf(
  vmi: VirtualMachineInstance,
  { quota, accelerator, devices: { networkResources } }: DevicePlugFacts,
): (name: string) => readonly Cause[] {
  const findings = quota === undefined ? [] : quotaFindings(vmi, quota, { accelerator, networkResources });
  const entries = deviceEntries(vmi);
  return (name) => {
    const deviceName = entries.find((entry) => entry.name === name)?.deviceName;
    return deviceName === undefined ? [] : findings.filter((finding) => isOfDevice(finding, deviceName)).map(({ cause }) => cause);
  };
}

type Refused = { readonly asked: AskedDevice; readonly cause: Cause };

/** What sits on PCI is near the memory of its Node; USB is as near to any. */
function assigned(
  vmi: VirtualMachineInstance,
  names: readonly string[],
  devices: DeviceFacts,
): { readonly given: readonly GivenDevice[]; readonly refused: readonly Refused[] } {
  const self = `${vmi.metadata.namespace ?? 'default'}/${vmi.metadata.name}`;
  const withOwn = { ...devices, held: new Map([...devices.held, ...heldBy(vmi).map((device) => [device, self] as const)]) };
  const isOnPci = (resourceName: string): boolean => devices.resources.find(({ name }) => name === resourceName)?.onPci !== false;
  const parts = [true, false].map((onPci) => {
    const asking = withOnly(vmi, (entry) => names.includes(entry.name) && isOnPci(entry.deviceName ?? '') === onPci);
    const node = onPci ? vmi.status?.nodeName : undefined;
    const { given, refused } = assignDevices(asking, withOwn, node);
    const alone = refused.length === 0 ? [] : assignDevices(asking, devices, node).given;
    // Refused for what this very machine has: another name of it.
    const own = (one: Refused): Refused =>
      alone.some(({ asked }) => asked.name === one.asked.name) ? { ...one, cause: inMachine(one.asked, alone) } : one;
    return { given, refused: refused.map(own) };
  });
  return { given: parts.flatMap(({ given }) => given), refused: parts.flatMap(({ refused }) => refused) };
}

type Entry = { readonly name: string; readonly deviceName?: string };

function withOnly(vmi: VirtualMachineInstance, isMeant: (entry: Entry) => boolean): VirtualMachineInstance {
  const { gpus = [], hostDevices = [], ...devices } = vmi.spec.domain.devices;
  const meant = { ...devices, interfaces: [], gpus: gpus.filter(isMeant), hostDevices: hostDevices.filter(isMeant) };
  return { ...vmi, spec: { ...vmi.spec, domain: { ...vmi.spec.domain, devices: meant } } };
}

/** Entries that share a card, in one group. */
function groupsOf(given: readonly GivenDevice[]): readonly (readonly GivenDevice[])[] {
  const groups: (readonly GivenDevice[])[] = [];
  for (const one of given) {
    const cards = cardNames(one);
    const [near, far] = [true, false].map((isNear) =>
      groups.filter((group) => group.some((other) => cardNames(other).some((card) => cards.includes(card))) === isNear),
    );
    groups.splice(0, groups.length, ...(far ?? []), [...(near ?? []).flat(), one]);
  }
  return groups;
}

function cardNames({ grant }: GivenDevice): readonly string[] {
  return grant.devices.flatMap((device) => (device.type === 'usb' ? [] : [cardOf(device)]));
}

interface Room {
  readonly cards: number;
  readonly ports: number;
  readonly facts: DevicePlugFacts;
}

function bundleCauses(vmi: VirtualMachineInstance, given: readonly GivenDevice[], { cards, ports, facts }: Room): readonly Cause[] {
  const [first] = given;
  const hasUsb = given.some(({ grant }) => grant.devices.some(({ type }) => type === 'usb'));
  if (first === undefined) return [];
  return [
    ...(cards === 0 ? [] : [...overcommitCauses(vmi), ...lockCauses(lockedMemoryMiB(vmi), facts.devices)]),
    ...(cards > ports ? [noPort(first.asked, cards)] : []),
    ...(hasUsb && !facts.running.ids.includes(usbControllerId) ? [noController(first.asked)] : []),
    ...romCauses(given, facts.unreadableFiles),
  ];
}

function bundleOf(vmi: VirtualMachineInstance, given: readonly GivenDevice[], ports: readonly string[]): DeviceBundle {
  const cards = cardsOf(given);
  const behind = (card: readonly CardFunction[], index: number): readonly Argument[] =>
    cardArguments(card, ports[index] ?? '').toReversed();
  const args = [...cards.flatMap((card, index) => behind(card, index)), ...given.flatMap(usbArguments)];
  return {
    names: given.map(({ asked }) => asked.name),
    given,
    commands: args.flatMap(({ value }) => (typeof value === 'object' ? [{ execute: 'device_add', arguments: value }] : [])),
    ...(cards.length === 0 ? {} : { lockedMiB: lockedMemoryMiB(vmi) }),
  };
}

/** Those of cards first, then those of disks from the end: disks are plugged in from the beginning. */
function freePorts({ ids, buses }: RunningDevices): string[] {
  const hostPorts = Array.from({ length: maxHostPorts }, (_, index) => hostPortId(index));
  const diskPorts = Array.from({ length: maxDiskPorts }, (_, index) => portId('disk', index));
  return [...hostPorts, ...diskPorts.toReversed()].filter((port) => ids.includes(port) && !buses.has(port));
}

// ---------------------------------------------------------------- why not

const untilRestart: ReadonlySet<string> = new Set([
  'FirstScreen',
  'HostDeviceElsewhere',
  'HostDevicePresent',
  'MemlockShort',
  'NoFreePort',
  'NoUsbController',
  'OvercommitWithHostDevices',
]);

function firstScreen(name: string): Cause {
  return {
    reason: 'FirstScreen',
    field: 'spec.domain.devices.gpus',
    message: `${name} is to be the first screen of the machine, which firmware draws on before anything else runs.`,
    fix: 'Restart the machine.',
  };
}

function inMachine({ name, nameField }: AskedDevice, alone: readonly GivenDevice[]): Cause {
  const addresses = alone.filter(({ asked }) => asked.name === name).map(({ grant }) => grant.id);
  return {
    reason: 'HostDevicePresent',
    field: nameField,
    message: `The machine has ${addresses.join(', ')} already, by another name or as part of a card.`,
    fix: 'Take this name out, or restart the machine.',
  };
}

function noPort({ name, field }: AskedDevice, count: number): Cause {
  return {
    reason: 'NoFreePort',
    field,
    message: `The running machine has no slot left for ${name}, which takes ${count}.`,
    fix: 'Take another device or disk out of it, or restart the machine.',
  };
}

function noController({ field }: AskedDevice): Cause {
  return {
    reason: 'NoUsbController',
    field,
    message: 'The running machine has no USB controller.',
    fix: 'Restart the machine: the next run has one.',
  };
}
