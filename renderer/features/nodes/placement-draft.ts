// Owns how this computer is parted as it is typed in, and the settings that come of it.
// Must not judge whether it can be done; the core does.
import type { PlacementSettings } from '../../../electron/api/kinds/settings.ts';

export const partings = ['numa', 'cache', 'custom'] as const;

export type DomainRow = Readonly<Record<'name' | 'cpus' | 'memory' | 'devices', string>>;

export interface PlacementDraft {
  readonly by: (typeof partings)[number];
  readonly domains: readonly DomainRow[];
  /** Cores and a quantity; empty: as it comes. */
  readonly reservedCores: string;
  readonly reservedMemory: string;
}

export const newDomain: DomainRow = { name: '', cpus: '', memory: '', devices: '' };

export function draftOf({ by = 'numa', domains = [], reserved = {} }: PlacementSettings = {}): PlacementDraft {
  return {
    by,
    domains: domains.map(({ name, cpus, memory = '', devices = [] }) => ({ name, cpus, memory, devices: devices.join(' ') })),
    reservedCores: reserved.cores === undefined ? '' : String(reserved.cores),
    reservedMemory: reserved.memory ?? '',
  };
}

/** Domains are kept only where they count. */
export function settingsOf({ by, domains, reservedCores, reservedMemory }: PlacementDraft): PlacementSettings {
  const reserved = {
    ...(reservedCores.trim() === '' ? {} : { cores: Number(reservedCores) }),
    ...(reservedMemory.trim() === '' ? {} : { memory: reservedMemory.trim() }),
  };
  return {
    by,
    ...(by === 'custom'
      ? {
          domains: domains.map(({ name, cpus, memory, devices }) => ({
            name: name.trim(),
            cpus: cpus.trim(),
            ...(memory.trim() === '' ? {} : { memory: memory.trim() }),
            ...(devices.trim() === '' ? {} : { devices: devices.trim().split(/[\s,]+/) }),
          })),
        }
      : {}),
    ...(Object.keys(reserved).length === 0 ? {} : { reserved }),
  };
}
