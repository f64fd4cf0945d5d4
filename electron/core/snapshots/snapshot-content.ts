// Owns what a snapshot keeps beside the disks: the definition of the machine, and what of it comes back.
// Must not take or load any.
import { annotations, coreAnnotations } from '../../api/annotations.ts';
import type { PersistentVolumeClaim } from '../../api/kinds/persistent-volume-claim.ts';
import type { VirtualMachineSnapshot, VirtualMachineSnapshotContent } from '../../api/kinds/virtual-machine-snapshot.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import type { DraftObject, OwnerReference } from '../../api/object.ts';
import { definitionOf } from '../history/definition.ts';
import { timestamp } from '../status/conditions.ts';

/** KubeVirt's name for it. */
function snapshotContentName({ metadata: { uid } }: Pick<VirtualMachineSnapshot, 'metadata'>): string {
  return `vmsnapshot-content-${uid}`;
}

export interface Contents {
  readonly vm: VirtualMachine;
  /** The claims that its disks are on, by volume. */
  readonly claims: readonly { readonly volume: string; readonly claim: PersistentVolumeClaim }[];
  /** What the images call it. */
  readonly tag: string;
  /** What the memory in it belongs to. */
  readonly hardware?: string;
}

export function snapshotContent(snapshot: VirtualMachineSnapshot, { vm, claims, tag, hardware }: Contents): DraftObject {
  const { metadata, ...definition } = definitionOf(vm);
  const owner: OwnerReference = {
    apiVersion: snapshot.apiVersion,
    kind: snapshot.kind,
    name: snapshot.metadata.name,
    uid: snapshot.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    apiVersion: snapshot.apiVersion,
    kind: 'VirtualMachineSnapshotContent',
    metadata: {
      name: snapshotContentName(snapshot),
      ...(snapshot.metadata.namespace === undefined ? {} : { namespace: snapshot.metadata.namespace }),
      ownerReferences: [owner],
      ...(hardware === undefined ? {} : { annotations: { [annotations.snapshotHardware]: hardware } }),
    },
    spec: {
      source: { virtualMachine: { metadata: { ...metadata, uid: vm.metadata.uid }, spec: definition['spec'] } },
      virtualMachineSnapshotName: snapshot.metadata.name,
      volumeBackups: claims.map(({ volume, claim }) => ({
        volumeName: volume,
        persistentVolumeClaim: { metadata: { name: claim.metadata.name }, spec: claim.spec },
        volumeSnapshotName: tag,
      })),
    },
  };
}

export function contentStatus(now: number): NonNullable<VirtualMachineSnapshotContent['status']> {
  return { readyToUse: true, creationTime: timestamp(now) };
}

/** The machine with the definition that the snapshot kept. Whether it is to run is not a thing of the past: that stays. */
export function withKeptDefinition(vm: VirtualMachine, { spec: { source } }: VirtualMachineSnapshotContent): VirtualMachine {
  const kept = source.virtualMachine;
  if (kept?.spec === undefined) return vm;
  const { running: _running, runStrategy: _strategy, ...definition } = kept.spec;
  const { running, runStrategy } = vm.spec;
  const own = Object.entries(vm.metadata.annotations ?? {}).filter(([name]) => coreAnnotations.includes(name));
  const { labels: _labels, ...metadata } = vm.metadata;
  return {
    ...vm,
    metadata: {
      ...metadata,
      generation: vm.metadata.generation + 1,
      ...(kept.metadata?.labels === undefined ? {} : { labels: kept.metadata.labels }),
      annotations: { ...kept.metadata?.annotations, ...Object.fromEntries(own) },
    },
    spec: {
      ...definition,
      ...(running === undefined ? {} : { running }),
      ...(runStrategy === undefined ? {} : { runStrategy }),
    },
  };
}
