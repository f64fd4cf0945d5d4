// Owns devices of this computer in the machine: functions of a card together on a root port, USB devices on the controller, locked memory.
// Must not choose them; core/devices/assignment.ts does.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { JsonObject } from '../../../api/object.ts';
import { mebibytesOf } from '../../../api/quantity.ts';
import { assignDevices, type DeviceFacts, type GivenDevice, noDevices } from '../../devices/assignment.ts';
import { hostDeviceOptions } from '../../devices/device-options.ts';
import type { GrantedDevice } from '../../devices/permitted.ts';
import { jsonOption } from '../args.ts';
import { hasGraphics } from '../attached.ts';
import type { Family } from '../fragment.ts';
import type { Argument } from '../launch-plan.ts';
import { hostPortId, maxHostPorts, onHostPort, hostPortAddress } from '../pci.ts';
import { usbBus } from './input.ts';
import { guestMemory } from './memory.ts';

export const hostDevicesFamily: Family = (vmi, { placement, binding, unreadableFiles }) => {
  const { gpus = [], hostDevices = [] } = vmi.spec.domain.devices;
  const options = hostDeviceOptions(vmi.metadata.annotations);
  if (gpus.length + hostDevices.length === 0) return { causes: options.causes };
  const facts = placement.devices ?? noDevices;
  // Until every entry has its device, which one another entry has says nothing.
  const { given, causes, warnings } = assignDevices(vmi, facts, binding.node);
  const cards = cardsOf(given);
  const lockedMiB = cards.length === 0 ? undefined : lockedMemoryMiB(vmi);
  return {
    args: [...cards.flatMap((card, port) => cardArguments(card, port)), ...given.flatMap(usbArguments)],
    ...(given.length === 0 ? {} : { hostDevices: given }),
    ...(lockedMiB === undefined ? {} : { lockedMiB }),
    causes: [
      ...options.causes,
      ...causes,
      ...(cards.length > maxHostPorts ? [tooManyCards(cards.length)] : []),
      ...(gpus.length + hostDevices.length > 0 ? overcommitCauses(vmi) : []),
      ...(lockedMiB === undefined ? [] : lockCauses(lockedMiB, facts)),
      ...romCauses(given, unreadableFiles),
    ],
    warnings: [...warnings, ...screenWarnings(vmi, given)],
    passed: given.map(({ asked, grant }) => `${asked.name} is ${grant.devices.map(describe).join(', ')}.`),
  };
};

function describe(device: GrantedDevice): string {
  switch (device.type) {
    case 'pci':
      return device.address;
    case 'mdev':
      return `${device.uuid} of ${device.parent}`;
    case 'usb':
      return `USB ${device.port}`;
  }
}

// ---------------------------------------------------------------- PCI

interface Function {
  /** A group may have several cards, and an entry functions of each. */
  readonly id: string;
  readonly given: GivenDevice;
  readonly device: Exclude<GrantedDevice, { type: 'usb' }>;
}

/** Functions of one card share a root port, each once: a guest's driver looks for its sound at its side. */
function cardsOf(given: readonly GivenDevice[]): readonly (readonly Function[])[] {
  const functions = given.flatMap((one) =>
    one.grant.devices.flatMap((device): readonly Omit<Function, 'id'>[] => (device.type === 'usb' ? [] : [{ given: one, device }])),
  );
  const once = [...new Map(functions.map((one) => [keyOf(one.device), one])).values()].map((one, at, all) => ({
    ...one,
    id: hostDeviceId(one.given.asked.name, all.slice(0, at).filter(({ given: { asked } }) => asked === one.given.asked).length),
  }));
  return [...Map.groupBy(once, ({ device }) => (device.type === 'pci' ? device.address.slice(0, -2) : device.uuid)).values()].map((card) =>
    card.toSorted((a, b) => keyOf(a.device).localeCompare(keyOf(b.device))),
  );
}

function keyOf(device: Function['device']): string {
  return device.type === 'pci' ? device.address : device.uuid;
}

function cardArguments(card: readonly Function[], port: number): readonly Argument[] {
  // Ports are the first functions of their slots; the numbers of chassis follow those of networks and disks.
  const chassis = firstHostChassis + port;
  return [
    jsonOption(
      '-device',
      {
        driver: 'pcie-root-port',
        id: hostPortId(port),
        bus: 'pcie.0',
        addr: hostPortAddress(port),
        ...(port % 8 === 0 ? { multifunction: true } : {}),
        chassis,
        port: chassis,
      },
      { reason: 'A port of its own: the card finds its bus as on the board.' },
    ),
    ...card.map((one, index) => functionArgument(one, { index, port, count: card.length, keep: startsAtZero(card) })),
  ];
}

const firstHostChassis = 64;

/** Without a function 0 a guest would not look for the others. */
function startsAtZero([first]: readonly Function[]): boolean {
  return first?.device.type === 'pci' && first.device.address.endsWith('.0');
}

interface Place {
  readonly index: number;
  readonly port: number;
  readonly count: number;
  /** Whether functions keep their numbers. */
  readonly keep: boolean;
}

function functionArgument({ id, given, device }: Function, { index, port, count, keep }: Place): Argument {
  const { asked } = given;
  const number = keep && device.type === 'pci' ? Number(device.address.slice(-1)) : index;
  const isScreen = device.type === 'pci' && device.classCode.startsWith('03');
  const { romBar, romFile, primaryGpu } = asked.option;
  return jsonOption(
    '-device',
    {
      driver: 'vfio-pci',
      id,
      ...onHostPort(port, number),
      ...(index === 0 && count > 1 ? { multifunction: true } : {}),
      ...sourceOf(device),
      // Of the function that has one: the screen, or the only one there is.
      ...(isScreen || index === 0 ? romOptions(romBar, romFile) : {}),
      ...(primaryGpu === true && isScreen ? { 'x-vga': true } : {}),
    },
    {
      field: asked.field,
      ...(index === 0 ? {} : { reason: 'Another function of the same card.' }),
    },
  );
}

function sourceOf(device: Function['device']): JsonObject {
  return device.type === 'pci' ? { host: device.address } : { sysfsdev: `/sys/bus/mdev/devices/${device.uuid}` };
}

function romOptions(romBar: boolean | undefined, romFile: string | undefined): JsonObject {
  return { ...(romBar === undefined ? {} : { rombar: romBar ? 1 : 0 }), ...(romFile === undefined ? {} : { romfile: romFile }) };
}

function tooManyCards(count: number): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: 'spec.domain.devices.hostDevices',
    message: `The machine has ${count} cards of this computer; there are ports for ${maxHostPorts}.`,
    fix: 'Take some out.',
  };
}

// ---------------------------------------------------------------- USB

/** Of the devices of one entry, in the order in which they were given. No name has a dot: `a.1` is nobody else's. */
export function hostDeviceId(name: string, index: number): string {
  return `host-${name}${index === 0 ? '' : `.${index}`}`;
}

export function usbArguments({ asked, grant }: GivenDevice): readonly Argument[] {
  return grant.devices.flatMap((device, index) =>
    device.type === 'usb'
      ? [
          jsonOption(
            '-device',
            {
              driver: 'usb-host',
              id: hostDeviceId(asked.name, index),
              bus: usbBus,
              // The port stays while the device's number counts up with each plugging: what comes back is taken again.
              hostbus: device.bus,
              hostport: device.port.slice(device.port.indexOf('-') + 1),
            },
            { field: asked.field },
          ),
        ]
      : [],
  );
}

// ---------------------------------------------------------------- memory

const videoMiB = 16;
const reserveMiB = 64;

/**
 * VFIO locks all of the guest's memory, and what the emulated screen shows when its firmware maps it; measured on QEMU 7.2: too little
 * for the first is an error at the start, for the second an abort five seconds later. One container serves every device.
 */
function lockedMemoryMiB(vmi: VirtualMachineInstance): number {
  return (guestMemory(vmi)?.mib ?? 0) + (hasGraphics(vmi) ? videoMiB : 0) + reserveMiB;
}

function lockCauses(lockedMiB: number, { lockLimitBytes, mayRaiseLockLimit }: DeviceFacts): readonly Cause[] {
  if (lockLimitBytes === undefined || mayRaiseLockLimit) return [];
  const limitMiB = Math.floor(lockLimitBytes / 1024 ** 2);
  if (limitMiB >= lockedMiB) return [];
  return [
    {
      reason: 'MemlockShort',
      field: 'spec.domain.memory.guest',
      message: `With devices of this computer all memory is locked: ${lockedMiB} MiB; you may lock ${limitMiB} MiB.`,
      fix: `As an administrator: add "@kvm - memlock ${lockedMiB * 1024}" to a file in /etc/security/limits.d, and log in again.`,
    },
  ];
}

/** Memory that a device may write to at any time cannot be somebody else's. */
function overcommitCauses({ spec: { domain } }: VirtualMachineInstance): readonly Cause[] {
  const guest = mebibytesOf(domain.memory?.guest);
  const request = mebibytesOf(domain.resources?.requests?.memory);
  if (guest === undefined || request === undefined || request >= guest) return [];
  return [
    {
      reason: 'OvercommitWithHostDevices',
      field: 'spec.domain.resources.requests.memory',
      message: `All ${guest} MiB of a machine with devices of this computer are locked; only ${request} MiB are asked for.`,
      fix: 'Ask for as much as the guest has, or take the devices out.',
    },
  ];
}

// ---------------------------------------------------------------- screens

function romCauses(given: readonly GivenDevice[], unreadable: ReadonlySet<string>): readonly Cause[] {
  return given.flatMap(({ asked: { name, option } }) =>
    option.romFile !== undefined && unreadable.has(option.romFile)
      ? [
          {
            reason: 'FileUnreadable',
            field: 'metadata.annotations[virtdeck.io/host-device-options]',
            message: `The ROM of ${name}, ${option.romFile}, cannot be read.`,
            fix: 'Correct the path, or its permissions.',
          },
        ]
      : [],
  );
}

function screenWarnings(vmi: VirtualMachineInstance, given: readonly GivenDevice[]): readonly Cause[] {
  if (!hasGraphics(vmi) || !given.some(({ asked }) => asked.option.primaryGpu === true)) return [];
  return [
    {
      reason: 'TwoScreens',
      field: 'spec.domain.devices.autoattachGraphicsDevice',
      message: 'The machine has an emulated screen beside the card that is to be its first; firmware may draw on either.',
      fix: 'Set autoattachGraphicsDevice: false once the card shows a picture.',
    },
  ];
}

/** Files of the user that are read at the start. */
export function romFiles({ metadata }: Pick<VirtualMachineInstance, 'metadata'>): readonly string[] {
  return Object.values(hostDeviceOptions(metadata.annotations).options).flatMap(({ romFile }) => romFile ?? []);
}
