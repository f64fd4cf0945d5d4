// Owns what the wizard fills in by itself: a free name, a fitting size, this user's account and keys, a free SSH port.
// Must not overwrite what the user has set.
import { type OfferMap, noOffers } from '../../ui/device-groups.ts';
import type { ComputerReport } from '../../../electron/api/computer.ts';
import { type CreateForm, type PortForward, type SizeId, sizes } from './form.ts';
import { systemTraits } from './traits.ts';

/** What is there already, read from the stored objects and the report of this computer. */
export interface World {
  readonly namespace: string;
  readonly machineNames: ReadonlySet<string>;
  /** Names of DataVolumes and claims: dataVolumeTemplates must not take them. */
  readonly diskNames: ReadonlySet<string>;
  readonly secretNames: ReadonlySet<string>;
  /** Host ports that other machines forward. */
  readonly forwardedPorts: ReadonlySet<number>;
  /** The networks on bridges, as a machine of this project names them. */
  readonly networkNames: readonly string[];
  /** Those of them whose cards are virtual functions. */
  readonly functionNetworks: ReadonlySet<string>;
  /** Memory promised to running machines. */
  readonly promisedMiB: number;
  readonly computer?: ComputerReport;
  /** Of this computer, also for a machine elsewhere. */
  readonly user?: ComputerReport['user'];
  /** Of this computer, that machines may have. */
  readonly devices: OfferMap;
}

export const emptyWorld: World = {
  namespace: 'default',
  machineNames: new Set(),
  diskNames: new Set(),
  secretNames: new Set(),
  forwardedPorts: new Set(),
  networkNames: [],
  functionNetworks: new Set(),
  promisedMiB: 0,
  devices: noOffers,
};

/** Fills what is untouched. Idempotent: suggesting twice changes nothing more. */
export function withSuggestions(form: CreateForm, world: World): CreateForm {
  const traits = systemTraits(form.system);
  const account = world.user === undefined || form.touched.account ? form.account : accountOf(form.account, world.user);
  return {
    ...form,
    name: form.touched.name ? form.name : freeName(traits.baseName, world),
    size: form.touched.size ? form.size : sizeOf(suggestedSize(traits.minMemoryMiB, world.computer)),
    disk: form.touched.diskSize ? form.disk : { ...form.disk, sizeGiB: traits.suggestedDiskGiB },
    network: {
      ...form.network,
      ...(form.touched.connection ? {} : { mode: isServedElsewhere(form) ? 'bridge' : 'user' }),
      ...(form.touched.forwards ? {} : { forwards: traits.cloudInit === 'no' ? [] : [suggestedSsh([], world)] }),
    },
    account,
    options: form.touched.firmware ? form.options : { ...form.options, firmware: traits.firmware, tpm: traits.tpm },
  };
}

/** What nothing here serves can only come from a server on a network that the machine is on. */
export function isServedElsewhere({ system }: CreateForm): boolean {
  return system.source === 'network' && system.networkBoot.from === 'none';
}

function accountOf(account: CreateForm['account'], user: ComputerReport['user']): CreateForm['account'] {
  return {
    ...account,
    user: guestUser(user.name),
    sshKeys: user.sshPublicKeys.map(({ line }) => line),
  };
}

/** root exists in every guest and is locked in most images; a machine made by root gets an ordinary user. */
function guestUser(name: string): string {
  return name === 'root' || !/^[a-z_][a-z0-9_-]{0,31}$/.test(name) ? 'user' : name;
}

export function freeName(base: string, world: World): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!takenName(name, world)) return name;
  }
}

/** Whether the machine, or a disk or Secret that would be made for it, is already there. */
export function takenName(name: string, world: World): boolean {
  return (
    world.machineNames.has(name) ||
    world.diskNames.has(`${name}-disk`) ||
    world.diskNames.has(`${name}-installer`) ||
    world.diskNames.has(`${name}-drivers`) ||
    world.secretNames.has(`${name}-cloudinit`)
  );
}

function suggestedSize(minMemoryMiB: number, computer: ComputerReport | undefined): Exclude<SizeId, 'own'> {
  if (minMemoryMiB > sizes.medium.memoryMiB) return 'large';
  const roomy = computer === undefined || computer.memory.availableMiB >= 2 * sizes.medium.memoryMiB;
  return roomy || minMemoryMiB > sizes.small.memoryMiB ? 'medium' : 'small';
}

export function sizeOf(id: Exclude<SizeId, 'own'>): CreateForm['size'] {
  return { id, ...sizes[id] };
}

/** SSH on the first port from 2222 that no machine forwards and no program has. */
export function suggestedSsh(forwards: readonly PortForward[], world: World): PortForward {
  const own = new Set(forwards.map(({ host }) => host));
  let host = 2222;
  const taken = new Set(world.computer?.takenPorts ?? []);
  while (world.forwardedPorts.has(host) || own.has(host) || taken.has(host)) host += 1;
  return { name: 'ssh', protocol: 'tcp', host, guest: 22 };
}

/** Letters that sit on the same key of QWERTY, QWERTZ and AZERTY, so that it can be typed before a keyboard is chosen. */
const passwordAlphabet = 'bcdefghijklnoprstuvx';

/** Twelve letters: 51 bits. `random` gives bytes. */
export function suggestedPassword(random: (length: number) => Uint8Array): string {
  const letters: string[] = [];
  while (letters.length < 12) {
    for (const byte of random(24)) {
      // 240 is the largest multiple of 20 in a byte; what is above would favour the first letters.
      if (byte < 240 && letters.length < 12) letters.push(passwordAlphabet.charAt(byte % passwordAlphabet.length));
    }
  }
  return letters.join('');
}
