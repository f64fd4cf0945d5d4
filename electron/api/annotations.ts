// Owns the annotation and label names of ours, and those of KubeVirt's and Multus' that core and window both read.
// Must not use KubeVirt's prefix for anything KubeVirt does not have.
export const annotations = {
  /** Free text under the name in the window. */
  description: 'virtdeck.io/description',
  /** Id of the guest OS in the catalogue: picks the icon and sane devices. */
  guestOs: 'virtdeck.io/guest-os',
  /** JSON list of port forwards of the user network: `[{"name":"ssh","protocol":"tcp","host":2222,"guest":22}]`; `address` opens it to others than this computer. */
  portForwards: 'virtdeck.io/port-forwards',
  /** Name of the account that was made in the guest: whom the window's `ssh` command logs in as. */
  guestUser: 'virtdeck.io/guest-user',
  /** Name of a Secret whose `passphrase` encrypts the kept state of the TPM. */
  tpmSecret: 'virtdeck.io/tpm-secret',
  /** With Secure Boot, whose keys the firmware trusts: `microsoft` (the default), or `own` for a firmware in setup mode. */
  secureBootKeys: 'virtdeck.io/secure-boot-keys',
  /** JSON `{"kernel":"/boot/vmlinuz","initrd":"/boot/initrd.img","args":"console=ttyS0"}`: files of this computer that are booted directly. */
  kernelBoot: 'virtdeck.io/kernel-boot',
  /**
   * What the user network boots a guest from, JSON: `{"folder":"/srv/tftp","file":"pxelinux.0"}`, `{"package":"debian-installer-12-netboot-amd64"}`
   * or `{"url":"http://…"}`. On a machine, since the user network belongs to one alone; a bridge has a server of its own.
   */
  networkBoot: 'virtdeck.io/network-boot',
  /** Seconds (1 to 60) that the firmware waits for a key that brings up a menu of what can be booted. Absent: it does not wait. */
  bootMenu: 'virtdeck.io/boot-menu',
  /** On a PVC: `qcow2` or `raw`. */
  diskFormat: 'virtdeck.io/disk-format',
  /** On a PVC: absolute path of the file. Set by the core, never read from a client. */
  diskPath: 'virtdeck.io/disk-path',
  /** On a DataVolume with an http source: `sha256:HEX` or `sha512:HEX` of the file as it is downloaded. CDI's source has no field for it. */
  checksum: 'virtdeck.io/checksum',
  /** On a DataVolume that could not be filled: any value has it tried again at once. The core takes it off. */
  importAgain: 'virtdeck.io/import-again',
  /** On a VirtualMachineInstance: uid of what its NVRAM, serial log and last picture are kept for. Set by the core. */
  stateOwner: 'virtdeck.io/state-owner',
  /** On a VirtualMachineInstance: RFC 3339 time until which a shutdown of its guest is one half of a reboot. Set by the core. */
  rebootUntil: 'virtdeck.io/reboot-until',
  /** On a DataVolume with a registry source: the digest of the image that it was filled from. Set by the core. */
  imageDigest: 'virtdeck.io/image-digest',
  /** On a VirtualMachineInstance: the digests of its container disks, as JSON by name of the volume. Set by the core. */
  imageDigests: 'virtdeck.io/image-digests',
  /** What QEMU does when the watchdog is not fed: `pause`, `inject-nmi` or `none` too, which KubeVirt's field cannot say. Wins over the field. */
  watchdogAction: 'virtdeck.io/watchdog-action',
  /** What becomes of a guest that panics: `poweroff` (the default), `reset`, `pause`, `none`. Needs a panic device. */
  panicAction: 'virtdeck.io/panic-action',
  /** `Always`: every run begins with the disks, UEFI variables and TPM as they are, and what it changes is thrown away. `UntilStopped`: the same, until a stop is asked for. */
  discardChanges: 'virtdeck.io/discard-changes',
  /** On a VirtualMachine: whole number. When the core starts, machines that start by themselves come up in this order; those without it last. */
  startOrder: 'virtdeck.io/start-order',
  /** On a VirtualMachine with a start order: seconds from its start that those after it wait, so that it is up when they look for it. */
  startDelay: 'virtdeck.io/start-delay',
  /** On a VirtualMachine whose turn in the start order is known: RFC 3339 time at which it begins. Set by the core. */
  startsAt: 'virtdeck.io/starts-at',
  /** On a VirtualMachineInstance: RFC 3339 time at which its watchdog pressed the power button. Set by the core. */
  shutdownSince: 'virtdeck.io/shutdown-since',
  /** On a VirtualMachineSnapshot: `true` when the memory of the running machine is in it. Set by the core. */
  snapshotMemory: 'virtdeck.io/snapshot-memory',
  /** On a VirtualMachineSnapshotContent with memory: the hardware that it belongs to, as JSON of `core/snapshots/guest-hardware.ts`. Set by the core. */
  snapshotHardware: 'virtdeck.io/snapshot-hardware',
  /** On a VirtualMachineSnapshot: the one that the machine stood on. On a VirtualMachine: the one that it stands on. Set by the core. */
  parentSnapshot: 'virtdeck.io/parent-snapshot',
  /**
   * On a VirtualMachine: that it is suspended to disk, as JSON of `core/snapshots/saved-state.ts`. On a VirtualMachineInstance: what the
   * images call the memory that it goes on with. Set by the core.
   */
  savedState: 'virtdeck.io/saved-state',
  /** On an Event: id of the newest evidence that was kept of it. Set by the core. */
  evidence: 'virtdeck.io/evidence',
  /**
   * More of `gpus[]` and `hostDevices[]` than their fields can say, JSON by name: `{"gpu1":{"address":"0000:01:00.0","romBar":false,
   * "romFile":"/srv/card.rom","primaryGpu":true,"optional":true}}`. A network card that is a virtual function is `interface/NAME`.
   */
  hostDeviceOptions: 'virtdeck.io/host-device-options',
  /** On a VirtualMachineInstance: devices of this computer that it has, JSON by name. Set by the core. */
  hostDevices: 'virtdeck.io/host-devices',
  /** On a VirtualMachineInstance: processors it has for itself, JSON `{"vcpus":[2,3],"emulator":[4]}`. Set by the core. */
  ownCpus: 'virtdeck.io/own-cpus',
  /** On a VirtualMachineInstance: amounts that its project and this computer gave it, as JSON of `core/quota/given-amounts.ts`. Set by the core. */
  givenAmounts: 'virtdeck.io/given-amounts',
  /** On a Node: processors isolated at boot, as Linux writes them (`2-3,6`): only machines with cores of their own run there. Set by the core. */
  isolatedCpus: 'virtdeck.io/isolated-cpus',
  /** `127.0.0.1:5901`: VNC with TLS for viewers that are not ours. The address may be left out; the port is 5900 or more. */
  vncListen: 'virtdeck.io/vnc-listen',
  /** Name of the Secret whose key `password` such a viewer must know. */
  vncSecret: 'virtdeck.io/vnc-password-secret',
  /** On a DataVolume: progress as JSON `{"percent":34,"doneBytes":…,"totalBytes":…,"secondsLeft":…,"step":"download"}`. */
  progress: 'virtdeck.io/progress',
} as const;

/** Set by the core alone: they are taken from the stored object, never from a client. */
export const coreAnnotations: readonly string[] = [
  annotations.ownCpus,
  annotations.givenAmounts,
  annotations.isolatedCpus,
  annotations.diskPath,
  annotations.stateOwner,
  annotations.rebootUntil,
  annotations.shutdownSince,
  annotations.evidence,
  annotations.snapshotMemory,
  annotations.snapshotHardware,
  annotations.parentSnapshot,
  annotations.savedState,
  annotations.startsAt,
  annotations.progress,
  annotations.imageDigest,
  annotations.imageDigests,
];

/** Multus', on a NetworkAttachmentDefinition: the name, of the allow list, of the functions that are this network's. */
export const resourceAnnotation = 'k8s.v1.cni.cncf.io/resourceName';

/** KubeVirt's, a label of a Namespace: how much of its memory request a machine may use, where a quota demands a limit and nobody set one. */
export const autoMemoryLimitsRatio = 'alpha.kubevirt.io/auto-memory-limits-ratio';
