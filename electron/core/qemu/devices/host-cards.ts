// Owns cards of this computer in the machine: functions of a card together behind one root port, and the port.
// Must not choose cards or count ports.
import type { JsonObject } from '../../../api/object.ts';
import type { GivenDevice } from '../../devices/assignment.ts';
import { cardOfFunction } from '../../devices/function-cards.ts';
import type { GrantedDevice } from '../../devices/permitted.ts';
import { jsonOption } from '../args.ts';
import type { Argument } from '../launch-plan.ts';
import { hostPortAddress, hostPortId, onPortOfCard } from '../pci.ts';
import { cardId } from './network-card.ts';

export interface CardFunction {
  /** A group may have several cards, and an entry functions of each. */
  readonly id: string;
  readonly given: GivenDevice;
  readonly device: Exclude<GrantedDevice, { type: 'usb' }>;
}

/** Functions of one card share a root port, each once: a guest's driver looks for its sound at its side. */
export function cardsOf(given: readonly GivenDevice[]): readonly (readonly CardFunction[])[] {
  const functions = given.flatMap((one) =>
    one.grant.devices.flatMap((device): readonly Omit<CardFunction, 'id'>[] => (device.type === 'usb' ? [] : [{ given: one, device }])),
  );
  const once = [...new Map(functions.map((one) => [keyOf(one.device), one])).values()].map((one, at, all) => ({
    ...one,
    id: hostDeviceId(one.given.asked.name, all.slice(0, at).filter(({ given: { asked } }) => asked === one.given.asked).length),
  }));
  return [...Map.groupBy(once, ({ device }) => cardOf(device)).values()].map((card) =>
    card.toSorted((a, b) => keyOf(a.device).localeCompare(keyOf(b.device))),
  );
}

/** Of the devices of one entry, in the order in which they were given. No name has a dot: `a.1` is nobody else's. */
export function hostDeviceId(name: string, index: number): string {
  const card = cardOfFunction(name);
  return `${card === '' ? `host-${name}` : cardId({ name: card })}${index === 0 ? '' : `.${index}`}`;
}

/** What sits behind one port: all functions of a card; a mediated device by itself, and a virtual function, which comes and goes alone. */
export function cardOf(device: CardFunction['device']): string {
  if (device.type === 'mdev') return device.uuid;
  return device.functionOf === undefined ? device.address.slice(0, -2) : device.address;
}

function keyOf(device: CardFunction['device']): string {
  return device.type === 'pci' ? device.address : device.uuid;
}

const firstHostChassis = 64;

export function hostPort(port: number): Argument {
  // Ports are the first functions of their slots; the numbers of chassis follow those of networks and disks.
  const chassis = firstHostChassis + port;
  return jsonOption(
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
  );
}

/** Behind the root port of that name. */
export function cardArguments(card: readonly CardFunction[], port: string): readonly Argument[] {
  return card.map((one, index) => functionArgument(one, { index, port, count: card.length, keep: startsAtZero(card) }));
}

/** Without a function 0 a guest would not look for the others. */
function startsAtZero([first]: readonly CardFunction[]): boolean {
  return first?.device.type === 'pci' && first.device.address.endsWith('.0');
}

interface Place {
  readonly index: number;
  readonly port: string;
  readonly count: number;
  /** Whether functions keep their numbers. */
  readonly keep: boolean;
}

function functionArgument({ id, given, device }: CardFunction, { index, port, count, keep }: Place): Argument {
  const { asked } = given;
  const number = keep && device.type === 'pci' ? Number(device.address.slice(-1)) : index;
  const isScreen = device.type === 'pci' && device.classCode.startsWith('03');
  const { romBar, romFile, primaryGpu } = asked.option;
  return jsonOption(
    '-device',
    {
      driver: 'vfio-pci',
      id,
      ...onPortOfCard(port, number),
      ...(index === 0 && count > 1 ? { multifunction: true } : {}),
      ...sourceOf(device),
      // Of the function that has one: the screen, or the only one there is.
      ...(isScreen || index === 0 ? romOptions(romBar, romFile) : {}),
      ...(asked.bootOrder === undefined ? {} : { bootindex: asked.bootOrder }),
      ...(primaryGpu === true && isScreen ? { 'x-vga': true } : {}),
    },
    {
      field: asked.field,
      ...(index === 0 ? {} : { reason: 'Another function of the same card.' }),
    },
  );
}

function sourceOf(device: CardFunction['device']): JsonObject {
  return device.type === 'pci' ? { host: device.address } : { sysfsdev: `/sys/bus/mdev/devices/${device.uuid}` };
}

function romOptions(romBar: boolean | undefined, romFile: string | undefined): JsonObject {
  return { ...(romBar === undefined ? {} : { rombar: romBar ? 1 : 0 }), ...(romFile === undefined ? {} : { romfile: romFile }) };
}
