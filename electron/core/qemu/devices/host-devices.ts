// Owns devices of this computer in the machine: cards behind root ports, one port more where cards may come later, USB devices on the controller.
// Must not choose them; core/devices/assignment.ts does.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { asksForDevices, assignDevices, type DeviceFacts, type GivenDevice, noDevices } from '../../devices/assignment.ts';
import { hostDeviceOptions } from '../../devices/device-options.ts';
import { unsafeInterrupts } from '../../devices/interrupts.ts';
import type { GrantedDevice } from '../../devices/permitted.ts';
import { jsonOption } from '../args.ts';
import { hasGraphics } from '../attached.ts';
import { type Family, joined } from '../fragment.ts';
import type { Argument } from '../launch-plan.ts';
import { hostPortId, maxHostPorts } from '../pci.ts';
import { cardArguments, cardsOf, hostDeviceId, hostPort } from './host-cards.ts';
import { usbBus } from './input.ts';
import { lockCauses, lockedMemoryMiB, overcommitCauses } from './locked-memory.ts';
import { functionConnection } from './network-function.ts';

// For a card that comes while the machine runs, where any may come: on other computers it would cost each start for nothing (0.15 s of
// UEFI under emulation). It is where the next start puts that card. More cards take ports that wait for disks.
const sparePorts = 1;

export const hostDevicesFamily: Family = (vmi, allFacts) => {
  const { placement, binding, unreadableFiles } = allFacts;
  const options = hostDeviceOptions(vmi.metadata.annotations);
  const facts = placement.devices ?? noDevices;
  const spare = facts.resources.some(({ onPci }) => onPci) ? sparePorts : 0;
  if (!asksForDevices(vmi.spec)) return { args: hostPorts(0, spare), causes: options.causes };
  // Until every entry has its device, which one another entry has says nothing.
  const { given, causes, warnings } = assignDevices(vmi, facts, binding.node);
  const cards = cardsOf(given);
  const functions = joined(given.map((one) => functionConnection(one, { vmi, facts: allFacts })));
  const lockedMiB = cards.length === 0 ? undefined : lockedMemoryMiB(vmi);
  return {
    args: [
      ...cards.flatMap((card, port) => [hostPort(port), ...cardArguments(card, hostPortId(port))]),
      ...hostPorts(cards.length, spare),
      ...given.flatMap(usbArguments),
    ],
    ...(given.length === 0 ? {} : { hostDevices: given }),
    functions: functions.functions,
    ...(lockedMiB === undefined ? {} : { lockedMiB }),
    causes: [
      ...options.causes,
      ...causes,
      ...(cards.length > maxHostPorts ? [tooManyCards(cards.length)] : []),
      ...functions.causes,
      ...overcommitCauses(vmi),
      ...(lockedMiB === undefined ? [] : lockCauses(lockedMiB, facts)),
      ...romCauses(given, unreadableFiles),
    ],
    warnings: [...warnings, ...functions.warnings, ...interruptWarnings(given, facts), ...screenWarnings(vmi, given)],
    passed: [
      ...given
        .filter(({ asked }) => asked.kind !== 'card')
        .map(({ asked, grant }) => `${asked.name} is ${grant.devices.map(describe).join(', ')}.`),
      ...functions.passed,
    ],
  };
};

function hostPorts(first: number, count: number): readonly Argument[] {
  return Array.from({ length: Math.min(count, Math.max(0, maxHostPorts - first)) }, (_, index) => hostPort(first + index));
}

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

function tooManyCards(count: number): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: 'spec.domain.devices.hostDevices',
    message: `The machine has ${count} cards of this computer; there are ports for ${maxHostPorts}.`,
    fix: 'Take some out.',
  };
}

// ---------------------------------------------------------------- USB

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

/** A mediated device has its interrupts from its driver, not from the bus. */
function interruptWarnings(given: readonly GivenDevice[], { hasUnsafeInterrupts }: DeviceFacts): readonly Cause[] {
  const [first] = given.filter(({ grant }) => grant.devices.some(({ type }) => type === 'pci'));
  if (first === undefined || hasUnsafeInterrupts !== true) return [];
  return [{ reason: 'UnsafeInterrupts', field: first.asked.field, ...unsafeInterrupts }];
}

// ---------------------------------------------------------------- screens

export function romCauses(given: readonly GivenDevice[], unreadable: ReadonlySet<string>): readonly Cause[] {
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
