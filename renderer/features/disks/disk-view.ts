// Owns a disk as the window shows it: claim and DataVolume joined, with its progress and who uses it.
// Must not look inside an image.
import { annotations } from '../../../electron/api/annotations.ts';
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { bytesOf } from '../../../electron/api/quantity.ts';

export const diskStates = ['ready', 'preparing', 'waiting', 'failed', 'deleting'] as const;
export type DiskState = (typeof diskStates)[number];

export interface DiskView {
  /** `namespace/name`. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: DiskState;
  /** Why, when it failed or waits. */
  readonly reason?: string;
  readonly percent?: number;
  readonly sizeBytes?: number;
  readonly format?: string;
  readonly path?: string;
  /** Of a claim of a cluster. */
  readonly storageClass?: string;
  /** Where its bytes come from; undefined when nobody knows any more. */
  readonly source?: DiskSource;
  /** Names of the machines whose definition has it. */
  readonly usedBy: readonly string[];
  readonly createdAt: string;
  readonly hasDataVolume: boolean;
  readonly text: string;
}

export type DiskSource = 'blank' | 'http' | 'upload' | 'clone' | 'file' | 'mmdebstrap' | 'registry' | 'other';

export interface DiskObjects {
  readonly claims: readonly PersistentVolumeClaim[];
  readonly dataVolumes: readonly DataVolume[];
  readonly vms: readonly VirtualMachine[];
}

/** One for each name, sorted: a DataVolume and the claim it fills are one disk. */
export function diskViews({ claims, dataVolumes, vms }: DiskObjects): readonly DiskView[] {
  const users = usersOf(vms);
  const volumes = new Map(dataVolumes.map((volume) => [idOf(volume), volume]));
  const byId = new Map(claims.map((claim) => [idOf(claim), claim]));
  return [...new Set([...byId.keys(), ...volumes.keys()])]
    .map((id) => diskView(id, { claim: byId.get(id), volume: volumes.get(id), usedBy: users.get(id) ?? [] }))
    .toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

interface Parts {
  readonly claim: PersistentVolumeClaim | undefined;
  readonly volume: DataVolume | undefined;
  readonly usedBy: readonly string[];
}

function diskView(id: string, { claim, volume, usedBy }: Parts): DiskView {
  const { metadata } = (claim ?? volume)!;
  const notes = { ...volume?.metadata.annotations, ...claim?.metadata.annotations };
  const source = volume === undefined ? undefined : sourceOf(volume);
  const path = notes[annotations.diskPath];
  return {
    id,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    ...stateOf(claim, volume),
    percent: percentOf(volume),
    sizeBytes: sizeOf(claim, volume),
    format: notes[annotations.diskFormat],
    path,
    storageClass: claim?.spec.storageClassName ?? undefined,
    source,
    usedBy,
    createdAt: metadata.creationTimestamp,
    hasDataVolume: volume !== undefined,
    text: [metadata.name, path, ...usedBy].filter(Boolean).join('\n').toLowerCase(),
  };
}

function stateOf(claim: PersistentVolumeClaim | undefined, volume: DataVolume | undefined): Pick<DiskView, 'state' | 'reason'> {
  if ((claim ?? volume)?.metadata.deletionTimestamp !== undefined) return { state: 'deleting' };
  const phase = volume?.status?.phase;
  const failed = volume?.status?.conditions?.find(
    ({ reason, status, type }) => type === 'Running' && status === 'False' && reason === 'Error',
  );
  if (phase === 'Failed' || failed !== undefined) return { state: 'failed', reason: failed?.message };
  if (phase === undefined) return { state: claim?.status?.phase === 'Bound' ? 'ready' : 'waiting' };
  if (phase === 'Succeeded') return { state: 'ready' };
  return { state: phase === 'WaitForFirstConsumer' || phase === 'Pending' || phase === 'UploadReady' ? 'waiting' : 'preparing' };
}

function percentOf(volume: DataVolume | undefined): number | undefined {
  // CDI writes `34.2%`, or `N/A` while it does not know.
  const percent = Number.parseFloat(volume?.status?.progress ?? '');
  return Number.isNaN(percent) ? undefined : percent;
}

function sizeOf(claim: PersistentVolumeClaim | undefined, volume: DataVolume | undefined): number | undefined {
  const { spec } = volume ?? {};
  return bytesOf(
    claim?.status?.capacity?.['storage'] ??
      claim?.spec.resources?.requests?.['storage'] ??
      quantityIn(spec?.storage?.resources?.requests) ??
      quantityIn(spec?.pvc?.resources?.requests),
  );
}

function quantityIn(requests: object | undefined): string | undefined {
  const value = (requests as Readonly<Record<string, unknown>> | undefined)?.['storage'];
  return typeof value === 'string' ? value : undefined;
}

function sourceOf({ spec }: DataVolume): DiskSource {
  const source = (spec.source ?? {}) as Readonly<Record<string, unknown>>;
  if ('pvc' in source || 'snapshot' in source) return 'clone';
  const known = (['blank', 'http', 'upload', 'file', 'mmdebstrap', 'registry'] as const).find((name) => name in source);
  return known ?? 'other';
}

function usersOf(vms: readonly VirtualMachine[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const { metadata, spec } of vms) {
    for (const { dataVolume, persistentVolumeClaim } of spec.template.spec?.volumes ?? []) {
      const name = dataVolume?.name ?? persistentVolumeClaim?.claimName;
      if (name === undefined) continue;
      const id = `${metadata.namespace}/${name}`;
      users.set(id, [...(users.get(id) ?? []), metadata.name]);
    }
  }
  return users;
}

function idOf({ metadata }: PersistentVolumeClaim | DataVolume): string {
  return `${metadata.namespace}/${metadata.name}`;
}

export function filterDisks(disks: readonly DiskView[], query: string): readonly DiskView[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? disks : disks.filter(({ text }) => words.every((word) => text.includes(word)));
}
