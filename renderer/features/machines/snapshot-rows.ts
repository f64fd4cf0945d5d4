// Owns the snapshots of one machine as rows of a tree, and the manifests that take one and go back to it.
// Must not touch the page.
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachineRestore, VirtualMachineSnapshot } from '../../../electron/api/kinds/virtual-machine-snapshot.ts';
import type { DraftObject } from '../../../electron/api/object.ts';

export interface SnapshotRow {
  readonly name: string;
  /** From the root down to its parent. */
  readonly ancestors: readonly string[];
  /** Among those on the same parent, from 1. */
  readonly position: number;
  readonly children: number;
  readonly phase: string;
  /** RFC 3339. */
  readonly time: string;
  readonly hasMemory: boolean;
  readonly isReady: boolean;
  /** The machine stands on it. */
  readonly isCurrent: boolean;
  /** Why it failed. */
  readonly error?: string;
}

export interface SnapshotsOf {
  readonly namespace: string;
  readonly name: string;
  readonly current: string | undefined;
}

/** Children follow their parent, the oldest first. One whose parent was deleted stands at the root. */
export function snapshotRows(all: readonly VirtualMachineSnapshot[], { namespace, name, current }: SnapshotsOf): readonly SnapshotRow[] {
  const own = all
    .filter(({ metadata, spec }) => metadata.namespace === namespace && spec.source.name === name)
    .toSorted(
      (a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) || a.metadata.name.localeCompare(b.metadata.name),
    );
  const names = new Set(own.map(({ metadata }) => metadata.name));
  const parentOf = ({ metadata }: VirtualMachineSnapshot): string | undefined => {
    const parent = metadata.annotations?.[annotations.parentSnapshot];
    return parent !== undefined && parent !== metadata.name && names.has(parent) ? parent : undefined;
  };
  const below = (parent: string | undefined, ancestors: readonly string[]): readonly SnapshotRow[] =>
    own
      .filter((snapshot) => parentOf(snapshot) === parent)
      .flatMap((snapshot, index) => {
        const title = snapshot.metadata.name;
        const children = own.filter((other) => parentOf(other) === title).length;
        return [{ ...stateOf(snapshot, current), ancestors, position: index + 1, children }, ...below(title, [...ancestors, title])];
      });
  return below(undefined, []);
}

function stateOf(
  { metadata, status }: VirtualMachineSnapshot,
  current: string | undefined,
): Omit<SnapshotRow, 'ancestors' | 'position' | 'children'> {
  const error = status?.error?.message;
  return {
    name: metadata.name,
    phase: metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Pending') : 'Deleting',
    time: status?.creationTime ?? metadata.creationTimestamp,
    hasMemory: metadata.annotations?.[annotations.snapshotMemory] === 'true',
    isReady: status?.readyToUse === true && metadata.deletionTimestamp === undefined,
    isCurrent: metadata.name === current,
    ...(error === undefined ? {} : { error }),
  };
}

const apiVersion = 'snapshot.kubevirt.io/v1beta1';

export function snapshotDraft(machine: { readonly namespace: string; readonly name: string }, name: string): DraftObject {
  const source = { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: machine.name };
  return { apiVersion, kind: 'VirtualMachineSnapshot', metadata: { name, namespace: machine.namespace }, spec: { source } };
}

export function restoreDraft(machine: { readonly namespace: string; readonly name: string }, snapshot: string): DraftObject {
  const target = { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: machine.name };
  return {
    apiVersion,
    kind: 'VirtualMachineRestore',
    metadata: { generateName: `${snapshot}-`, namespace: machine.namespace },
    spec: { target, virtualMachineSnapshotName: snapshot },
  };
}

/** `web-20261128-2345`: sorts by time, and is a name. */
export function freeSnapshotName(machine: string, now: Date, taken: ReadonlySet<string>): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const base = `${machine.slice(0, 200)}-${stamp}`;
  return taken.has(base) ? `${base}-${taken.size + 1}` : base;
}

/** A restore of this machine that waits or failed: what its page says of it. */
export function openRestore(all: readonly VirtualMachineRestore[], { namespace, name }: SnapshotsOf): string | undefined {
  const newest = all
    .filter(({ metadata, spec }) => metadata.namespace === namespace && spec.target.name === name)
    .toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))[0];
  if (newest === undefined || newest.status?.complete === true) return undefined;
  return newest.status?.conditions?.find(({ type }) => type === 'Ready')?.reason;
}
