// Owns reading objects by their kind's type.
// Must not check them: only what the decoder and core's validation let through is in the store.
import type { Connection } from '../api/kinds/connection.ts';
import type { ConfigMap } from '../api/kinds/config-map.ts';
import type { ControllerRevision } from '../api/kinds/controller-revision.ts';
import type { DataVolume } from '../api/kinds/data-volume.ts';
import type { Event } from '../api/kinds/event.ts';
import type { Instancetype } from '../api/kinds/instancetype.ts';
import type { HyperConverged } from '../api/kinds/hyper-converged.ts';
import type { LimitRange } from '../api/kinds/limit-range.ts';
import type { MachineConfig } from '../api/kinds/machine-config.ts';
import type { Namespace } from '../api/kinds/namespace.ts';
import type { NetworkAttachmentDefinition } from '../api/kinds/network-attachment-definition.ts';
import type { Node } from '../api/kinds/node.ts';
import type { PersistentVolumeClaim } from '../api/kinds/persistent-volume-claim.ts';
import type { Preference } from '../api/kinds/preference.ts';
import type { VirtualMachineInstanceReplicaSet, VirtualMachinePool } from '../api/kinds/replicas.ts';
import type { ResourceQuota } from '../api/kinds/resource-quota.ts';
import type { Secret } from '../api/kinds/secret.ts';
import type { Settings } from '../api/kinds/settings.ts';
import type { Transfer } from '../api/kinds/transfer.ts';
import type { VirtualMachineExport } from '../api/kinds/virtual-machine-export.ts';
import type { VirtualMachineInstancePreset } from '../api/kinds/virtual-machine-instance-preset.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type {
  VirtualMachineRestore,
  VirtualMachineSnapshot,
  VirtualMachineSnapshotContent,
} from '../api/kinds/virtual-machine-snapshot.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import type { ObjectKey } from '../api/object.ts';
import type { StoreReader } from './ports.ts';

export interface ObjectTypes {
  readonly 'virtualmachines.kubevirt.io': VirtualMachine;
  readonly 'virtualmachineinstances.kubevirt.io': VirtualMachineInstance;
  readonly 'virtualmachinesnapshots.snapshot.kubevirt.io': VirtualMachineSnapshot;
  readonly 'virtualmachinesnapshotcontents.snapshot.kubevirt.io': VirtualMachineSnapshotContent;
  readonly 'virtualmachinerestores.snapshot.kubevirt.io': VirtualMachineRestore;
  readonly 'datavolumes.cdi.kubevirt.io': DataVolume;
  readonly persistentvolumeclaims: PersistentVolumeClaim;
  readonly 'network-attachment-definitions.k8s.cni.cncf.io': NetworkAttachmentDefinition;
  readonly namespaces: Namespace;
  readonly nodes: Node;
  readonly secrets: Secret;
  readonly configmaps: ConfigMap;
  readonly events: Event;
  readonly 'settings.virtdeck.io': Settings;
  readonly 'connections.virtdeck.io': Connection;
  readonly 'transfers.virtdeck.io': Transfer;
  readonly 'virtualmachineexports.export.kubevirt.io': VirtualMachineExport;
  readonly 'virtualmachineinstancetypes.instancetype.kubevirt.io': Instancetype;
  readonly 'virtualmachineclusterinstancetypes.instancetype.kubevirt.io': Instancetype;
  readonly 'virtualmachinepreferences.instancetype.kubevirt.io': Preference;
  readonly 'virtualmachineclusterpreferences.instancetype.kubevirt.io': Preference;
  readonly 'controllerrevisions.apps': ControllerRevision;
  readonly 'virtualmachineinstancepresets.kubevirt.io': VirtualMachineInstancePreset;
  readonly 'virtualmachineinstancereplicasets.kubevirt.io': VirtualMachineInstanceReplicaSet;
  readonly 'virtualmachinepools.pool.kubevirt.io': VirtualMachinePool;
  readonly resourcequotas: ResourceQuota;
  readonly limitranges: LimitRange;
  readonly 'hyperconvergeds.hco.kubevirt.io': HyperConverged;
  readonly 'machineconfigs.machineconfiguration.openshift.io': MachineConfig;
}

export type KeyOf<Resource extends keyof ObjectTypes> = Omit<ObjectKey, 'resource'> & { readonly resource: Resource };

export function read<Resource extends keyof ObjectTypes>(reader: StoreReader, key: KeyOf<Resource>): ObjectTypes[Resource] | undefined {
  return reader.get(key) as ObjectTypes[Resource] | undefined;
}

export function readAll<Resource extends keyof ObjectTypes>(
  reader: StoreReader,
  resource: Resource,
  namespace?: string,
): readonly ObjectTypes[Resource][] {
  return reader.list(resource, namespace) as readonly ObjectTypes[Resource][];
}
