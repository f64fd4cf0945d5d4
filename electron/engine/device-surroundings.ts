// Owns what decides over devices that a running machine waits for, as far as the store knows it: while it is the same, nobody need look.
// Must not decide; core/qemu/device-plug.ts does.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { KubeObject } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { heldByName } from '../core/devices/assignment.ts';
import { deviceEntries } from '../core/reconcile/device-sync.ts';
import { hyperConvergedKey } from './certificates.ts';
import type { EngineContext } from './context.ts';
import { placedMachines } from './placed-machines.ts';
import { read, readAll } from './typed.ts';

export function surroundingsText({ store }: Pick<EngineContext, 'store'>, vmi: VirtualMachineInstance): string {
  const { namespace, generation, uid } = vmi.metadata;
  const versions = (objects: readonly KubeObject[]): readonly unknown[] =>
    objects.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]);
  return JSON.stringify([
    deviceEntries(vmi),
    // A look that lets go of one is followed by one that sees what that changed.
    heldByName(vmi),
    generation,
    // A disk that went left its slot.
    vmi.status?.volumeStatus,
    read(store, hyperConvergedKey)?.metadata.generation,
    read(store, { resource: resources.settings, name: 'default' })?.metadata.generation,
    placedMachines(store, uid).map((other) => [other.metadata.uid, heldByName(other)]),
    versions(readAll(store, resources.resourceQuotas, namespace)),
    versions(readAll(store, resources.limitRanges, namespace)),
    // Whose virtual functions a network's cards are, quotas count.
    versions(readAll(store, resources.networkAttachmentDefinitions)),
  ]);
}
