// Owns what is booted first: one order over disks and network interfaces.
// Must not write any option; the families ask for their index.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { showsContent } from './content-iso.ts';
import type { Volume } from './manifest.ts';

export interface BootOrder {
  /** Some device has a bootOrder: the others are not booted from at all. */
  readonly explicit: boolean;
  /** QEMU's bootindex; undefined means not booted from. */
  readonly disks: ReadonlyMap<string, number>;
  readonly interfaces: ReadonlyMap<string, number>;
}

/** `bootOrder` where it is given; without any, the disks in the order of the manifest. */
export function bootOrderOf({ spec }: VirtualMachineInstance): BootOrder {
  const { disks = [], interfaces = [] } = spec.domain.devices;
  const ordered = (devices: readonly { readonly name: string; readonly bootOrder?: number }[]) =>
    new Map(devices.flatMap(({ name, bootOrder }) => (bootOrder === undefined ? [] : [[name, bootOrder] as const])));
  const given = { disks: ordered(disks), interfaces: ordered(interfaces) };
  if (given.disks.size + given.interfaces.size > 0) return { explicit: true, ...given };
  // Seeds and files of objects hold no boot sector; the firmware would try them for nothing.
  const seeds = new Set((spec.volumes ?? []).filter((volume) => isSeed(volume) || showsContent(volume)).map(({ name }) => name));
  const bootable = disks.filter(({ name }) => !seeds.has(name));
  return { explicit: false, disks: new Map(bootable.map(({ name }, index) => [name, index + 1])), interfaces: new Map() };
}

function isSeed({ cloudInitNoCloud, cloudInitConfigDrive }: Volume): boolean {
  return cloudInitNoCloud !== undefined || cloudInitConfigDrive !== undefined;
}
