// Owns what has to be plugged into a running machine, and what out of it: its definition beside what its status says is there.
// Must not plug.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { isHotpluggable } from './volume-request.ts';

export interface HotplugWork {
  readonly plug: readonly string[];
  readonly unplug: readonly string[];
}

/** Names of volumes, in the order of the definition. */
export function hotplugWork({ spec, status }: VirtualMachineInstance): HotplugWork {
  const rows = status?.volumeStatus ?? [];
  const volumes = spec.volumes ?? [];
  const isThere = (name: string): boolean => rows.some((row) => row.name === name && row.phase === 'Ready');
  return {
    plug: volumes.filter((volume) => isHotpluggable(volume) && !isThere(volume.name)).map(({ name }) => name),
    unplug: rows.filter((row) => row.hotplugVolume !== undefined && !volumes.some(({ name }) => name === row.name)).map(({ name }) => name),
  };
}
