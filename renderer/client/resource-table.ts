// Owns where each resource lives in the API and which type it has.
// Must not import the kinds' schemas: the window never validates, the core does.
import type { Connection } from '../../electron/api/kinds/connection.ts';
import type { ConfigMap } from '../../electron/api/kinds/config-map.ts';
import type { ControllerRevision } from '../../electron/api/kinds/controller-revision.ts';
import type { Instancetype } from '../../electron/api/kinds/instancetype.ts';
import type { NetworkAttachmentDefinition } from '../../electron/api/kinds/network-attachment-definition.ts';
import type { Preference } from '../../electron/api/kinds/preference.ts';
import type { PriorityClass } from '../../electron/api/kinds/priority-class.ts';
import type { VirtualMachineInstanceReplicaSet, VirtualMachinePool } from '../../electron/api/kinds/replicas.ts';
import type { Transfer } from '../../electron/api/kinds/transfer.ts';
import type { VirtualMachineInstancePreset } from '../../electron/api/kinds/virtual-machine-instance-preset.ts';
import type { DataVolume } from '../../electron/api/kinds/data-volume.ts';
import type { Event } from '../../electron/api/kinds/event.ts';
import type { HyperConverged } from '../../electron/api/kinds/hyper-converged.ts';
import type { LimitRange } from '../../electron/api/kinds/limit-range.ts';
import type { Namespace } from '../../electron/api/kinds/namespace.ts';
import type { Node } from '../../electron/api/kinds/node.ts';
import type { PersistentVolumeClaim } from '../../electron/api/kinds/persistent-volume-claim.ts';
import type { ResourceQuota } from '../../electron/api/kinds/resource-quota.ts';
import type { Secret } from '../../electron/api/kinds/secret.ts';
import type { Settings } from '../../electron/api/kinds/settings.ts';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachineRestore, VirtualMachineSnapshot } from '../../electron/api/kinds/virtual-machine-snapshot.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import type { KubeObject } from '../../electron/api/object.ts';

/** What `useList('nodes')` gives. */
export interface ResourceTypes {
  readonly 'virtualmachines.kubevirt.io': VirtualMachine;
  readonly 'virtualmachineinstances.kubevirt.io': VirtualMachineInstance;
  readonly 'datavolumes.cdi.kubevirt.io': DataVolume;
  readonly persistentvolumeclaims: PersistentVolumeClaim;
  readonly namespaces: Namespace;
  readonly nodes: Node;
  readonly secrets: Secret;
  readonly configmaps: ConfigMap;
  readonly 'network-attachment-definitions.k8s.cni.cncf.io': NetworkAttachmentDefinition;
  readonly 'virtualmachineinstancetypes.instancetype.kubevirt.io': Instancetype;
  readonly 'virtualmachineclusterinstancetypes.instancetype.kubevirt.io': Instancetype;
  readonly 'virtualmachinepreferences.instancetype.kubevirt.io': Preference;
  readonly 'virtualmachineclusterpreferences.instancetype.kubevirt.io': Preference;
  readonly 'controllerrevisions.apps': ControllerRevision;
  readonly 'virtualmachineinstancepresets.kubevirt.io': VirtualMachineInstancePreset;
  readonly 'virtualmachineinstancereplicasets.kubevirt.io': VirtualMachineInstanceReplicaSet;
  readonly 'virtualmachinepools.pool.kubevirt.io': VirtualMachinePool;
  readonly 'priorityclasses.scheduling.k8s.io': PriorityClass;
  readonly events: Event;
  readonly 'settings.virtdeck.io': Settings;
  readonly 'connections.virtdeck.io': Connection;
  readonly 'transfers.virtdeck.io': Transfer;
  readonly resourcequotas: ResourceQuota;
  readonly limitranges: LimitRange;
  readonly 'hyperconvergeds.hco.kubevirt.io': HyperConverged;
  readonly 'virtualmachinesnapshots.snapshot.kubevirt.io': VirtualMachineSnapshot;
  readonly 'virtualmachinerestores.snapshot.kubevirt.io': VirtualMachineRestore;
}

export type Resource = keyof ResourceTypes;
export type ObjectOf<R extends Resource> = ResourceTypes[R];

/** Names one object of a known resource. `namespace` is absent for cluster-scoped kinds. */
export interface Key<R extends Resource = Resource> {
  readonly resource: R;
  readonly namespace?: string;
  readonly name: string;
}

export interface ResourceRow {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly isClusterScoped?: true;
}

export const resourceTable: Readonly<Record<Resource, ResourceRow>> = {
  'virtualmachines.kubevirt.io': { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', plural: 'virtualmachines' },
  'virtualmachineinstances.kubevirt.io': {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    plural: 'virtualmachineinstances',
  },
  'virtualmachinesnapshots.snapshot.kubevirt.io': {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    plural: 'virtualmachinesnapshots',
  },
  'virtualmachinerestores.snapshot.kubevirt.io': {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineRestore',
    plural: 'virtualmachinerestores',
  },
  'datavolumes.cdi.kubevirt.io': { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', plural: 'datavolumes' },
  persistentvolumeclaims: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims' },
  namespaces: { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', isClusterScoped: true },
  nodes: { apiVersion: 'v1', kind: 'Node', plural: 'nodes', isClusterScoped: true },
  secrets: { apiVersion: 'v1', kind: 'Secret', plural: 'secrets' },
  configmaps: { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' },
  'network-attachment-definitions.k8s.cni.cncf.io': {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    plural: 'network-attachment-definitions',
  },
  'virtualmachineinstancetypes.instancetype.kubevirt.io': {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineInstancetype',
    plural: 'virtualmachineinstancetypes',
  },
  'virtualmachineclusterinstancetypes.instancetype.kubevirt.io': {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    plural: 'virtualmachineclusterinstancetypes',
    isClusterScoped: true,
  },
  'virtualmachinepreferences.instancetype.kubevirt.io': {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachinePreference',
    plural: 'virtualmachinepreferences',
  },
  'virtualmachineclusterpreferences.instancetype.kubevirt.io': {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterPreference',
    plural: 'virtualmachineclusterpreferences',
    isClusterScoped: true,
  },
  'virtualmachineinstancepresets.kubevirt.io': {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstancePreset',
    plural: 'virtualmachineinstancepresets',
  },
  'virtualmachineinstancereplicasets.kubevirt.io': {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstanceReplicaSet',
    plural: 'virtualmachineinstancereplicasets',
  },
  'virtualmachinepools.pool.kubevirt.io': {
    apiVersion: 'pool.kubevirt.io/v1beta1',
    kind: 'VirtualMachinePool',
    plural: 'virtualmachinepools',
  },
  resourcequotas: { apiVersion: 'v1', kind: 'ResourceQuota', plural: 'resourcequotas' },
  limitranges: { apiVersion: 'v1', kind: 'LimitRange', plural: 'limitranges' },
  'priorityclasses.scheduling.k8s.io': {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    plural: 'priorityclasses',
    isClusterScoped: true,
  },
  'controllerrevisions.apps': { apiVersion: 'apps/v1', kind: 'ControllerRevision', plural: 'controllerrevisions' },
  events: { apiVersion: 'v1', kind: 'Event', plural: 'events' },
  'connections.virtdeck.io': { apiVersion: 'virtdeck.io/v1alpha1', kind: 'Connection', plural: 'connections', isClusterScoped: true },
  'transfers.virtdeck.io': { apiVersion: 'virtdeck.io/v1alpha1', kind: 'Transfer', plural: 'transfers' },
  'settings.virtdeck.io': { apiVersion: 'virtdeck.io/v1alpha1', kind: 'Settings', plural: 'settings', isClusterScoped: true },
  'hyperconvergeds.hco.kubevirt.io': { apiVersion: 'hco.kubevirt.io/v1beta1', kind: 'HyperConverged', plural: 'hyperconvergeds' },
};

/** `namespace/name`, or the name alone: the key of an object inside one resource. */
export function objectId(object: Pick<KubeObject, 'metadata'>): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
