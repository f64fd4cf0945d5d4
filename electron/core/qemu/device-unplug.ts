// Owns what of this computer's devices a running machine has too much or too little: its run beside what QEMU has by name.
// Must not ask QEMU.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { heldByName } from '../devices/assignment.ts';
import { cardOfFunction } from '../devices/function-cards.ts';
import { deviceEntries } from '../reconcile/device-sync.ts';
import { hostDeviceId } from './devices/host-cards.ts';

export interface DeviceWork {
  /** Names of entries that have no device yet. */
  readonly plug: readonly string[];
  /** Names that no entry has any more, with their ids in QEMU. */
  readonly unplug: readonly { readonly name: string; readonly ids: readonly string[] }[];
  /** Names that no entry has any more, and that cannot go before the machine does. */
  readonly stays: readonly { readonly name: string; readonly cause: Cause }[];
}

/** `ids`: of the devices in QEMU. `failed`: entries that QEMU took in part only. */
export function deviceWork(vmi: VirtualMachineInstance, ids: readonly string[], failed: ReadonlySet<string>): DeviceWork {
  const held = heldByName(vmi);
  const wanted = deviceEntries(vmi).map(({ name }) => name);
  const kept = wanted.filter((name) => held[name] !== undefined && !failed.has(name));
  // Network cards that are virtual functions stay from start to end.
  const leaving = Object.keys(held).filter((name) => !kept.includes(name) && cardOfFunction(name) === '');
  const partnerOf = (name: string): string | undefined => kept.find((other) => shares(held[name], held[other]));
  return {
    plug: wanted.filter((name) => held[name] === undefined),
    unplug: leaving.filter((name) => partnerOf(name) === undefined).map((name) => ({ name, ids: idsOf(name, ids) })),
    stays: leaving.flatMap((name) => {
      const partner = partnerOf(name);
      return partner === undefined ? [] : [{ name, cause: sameCard(name, partner) }];
    }),
  };
}

/** Names that are written down as having a device, of which QEMU knows nothing. */
export function lostDevices(vmi: VirtualMachineInstance, ids: readonly string[]): readonly string[] {
  const held = heldByName(vmi);
  const names = Object.keys(held);
  const isThere = (name: string): boolean => idsOf(name, ids).length > 0;
  // Functions of one card that two entries have go by one name.
  return names.filter((name) => !isThere(name) && !names.some((other) => isThere(other) && shares(held[name], held[other])));
}

/** Cards of which QEMU has functions and not the first, which comes last: whoever plugged them in was killed in between. */
export function tornCards(vmi: VirtualMachineInstance, ids: readonly string[]): readonly string[] {
  return Object.keys(heldByName(vmi)).filter((name) => idsOf(name, ids).length > 0 && !ids.includes(hostDeviceId(name, 0)));
}

function idsOf(name: string, ids: readonly string[]): readonly string[] {
  const first = hostDeviceId(name, 0);
  return ids.filter((id) => id === first || id.startsWith(`${first}.`));
}

function shares(some: readonly string[] = [], others: readonly string[] = []): boolean {
  return some.some((device) => others.includes(device));
}

function sameCard(name: string, partner: string): Cause {
  return {
    reason: 'HostDeviceShared',
    field: 'spec.domain.devices.hostDevices',
    message: `${name} is of the same card as ${partner}, which stays.`,
    fix: `Take ${partner} out, too, or restart the machine.`,
  };
}
