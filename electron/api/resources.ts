// Owns the resource ids by name, so that nobody spells `virtualmachines.kubevirt.io` twice.
// Must not import the kinds: rooms that only point at objects stay small.
export const resources = {
  virtualMachines: 'virtualmachines.kubevirt.io',
  virtualMachineInstances: 'virtualmachineinstances.kubevirt.io',
  dataVolumes: 'datavolumes.cdi.kubevirt.io',
  persistentVolumeClaims: 'persistentvolumeclaims',
  networkAttachmentDefinitions: 'network-attachment-definitions.k8s.cni.cncf.io',
  namespaces: 'namespaces',
  nodes: 'nodes',
  secrets: 'secrets',
  configMaps: 'configmaps',
  events: 'events',
  settings: 'settings.virtdeck.io',
  instancetypes: 'virtualmachineinstancetypes.instancetype.kubevirt.io',
  clusterInstancetypes: 'virtualmachineclusterinstancetypes.instancetype.kubevirt.io',
  preferences: 'virtualmachinepreferences.instancetype.kubevirt.io',
  clusterPreferences: 'virtualmachineclusterpreferences.instancetype.kubevirt.io',
  presets: 'virtualmachineinstancepresets.kubevirt.io',
  replicaSets: 'virtualmachineinstancereplicasets.kubevirt.io',
  pools: 'virtualmachinepools.pool.kubevirt.io',
  priorityClasses: 'priorityclasses.scheduling.k8s.io',
  controllerRevisions: 'controllerrevisions.apps',
} as const;
