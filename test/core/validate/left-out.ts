// Owns the kinds and subresources of KubeVirt v1.9.0 and of CDI that are not served here, each with its reason.
// Must not list one that is served: the test refuses it.
export interface LeftOut {
  readonly why: string;
  /** `kind.group`. */
  readonly names: readonly string[];
}

export const kindsLeftOut: readonly LeftOut[] = [
  {
    why: 'There is one computer: nothing moves to another.',
    names: ['VirtualMachineInstanceMigration.kubevirt.io', 'MigrationPolicy.migrations.kubevirt.io'],
  },
  {
    why: 'It configures the operator of a cluster; here Settings and HyperConverged’s certConfig are what can be chosen.',
    names: ['KubeVirt.kubevirt.io', 'CDI.cdi.kubevirt.io', 'CDIConfig.cdi.kubevirt.io', 'Plugin.plugin.kubevirt.io'],
  },
  {
    why: 'A claim is a file of this computer: it is copied by a DataVolume of source pvc, and read where it lies.',
    names: ['VirtualMachineClone.clone.kubevirt.io', 'ObjectTransfer.cdi.kubevirt.io'],
  },
  {
    why: 'Backups that follow changed blocks are not made here; snapshots are.',
    names: ['VirtualMachineBackup.backup.kubevirt.io', 'VirtualMachineBackupTracker.backup.kubevirt.io'],
  },
  {
    why: 'Images that are fetched on a schedule and named indirectly are not there: a DataVolume names its source, a machine its digest.',
    names: [
      'DataSource.cdi.kubevirt.io',
      'DataImportCron.cdi.kubevirt.io',
      'StorageProfile.cdi.kubevirt.io',
      'VolumeImportSource.cdi.kubevirt.io',
      'VolumeUploadSource.cdi.kubevirt.io',
      'VolumeCloneSource.cdi.kubevirt.io',
    ],
  },
];

/** Names below a machine or its run. */
export const subresourcesLeftOut: readonly LeftOut[] = [
  { why: 'There is one computer: nothing moves to another.', names: ['migrate', 'evacuate/cancel'] },
  { why: 'USB devices and sockets of this computer are not lent to a guest over the wire.', names: ['usbredir', 'vsock'] },
  {
    why: 'Memory is not encrypted here.',
    names: ['sev/fetchcertchain', 'sev/querylaunchmeasurement', 'sev/setupsession', 'sev/injectlaunchsecret'],
  },
  { why: 'A snapshot of a machine that runs keeps its memory, too: nothing in the guest need be frozen.', names: ['freeze', 'unfreeze'] },
  {
    why: 'Instance types are laid over a machine at its start, and shown in its run; there is no rehearsal of that alone.',
    names: ['expand-spec'],
  },
  { why: 'What belongs to a machine is in its owner references and volumes.', names: ['objectgraph'] },
  { why: 'Backups that follow changed blocks are not made here; snapshots are.', names: ['backup'] },
];
