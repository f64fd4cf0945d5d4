// Owns what a preference fills in of devices: disks, cards, input, sound, and what is attached by itself.
// Must not attach a device that nobody asked for, except a TPM, a source of randomness and a panic device.
import type { PreferenceSpec } from '../../api/kinds/preference.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';

type Spec = VirtualMachineInstanceSpec;
type Devices = Spec['domain']['devices'];
type Preferred = NonNullable<PreferenceSpec['devices']>;
type Disk = NonNullable<Devices['disks']>[number];
type Card = NonNullable<Devices['interfaces']>[number];

export function withDevicePreferences(spec: Spec, { devices: preferred }: PreferenceSpec): Spec {
  if (preferred === undefined) return spec;
  const { devices } = spec.domain;
  const { disks, interfaces, inputs, sound, panicDevices } = devices;
  const model = preferred.preferredPanicDeviceModel;
  const filled: Devices = {
    ...plain(preferred),
    ...devices,
    // Upstream cannot tell an unset false from a set one either.
    ...(preferred.preferredDisableHotplug === undefined ? {} : { disableHotplug: preferred.preferredDisableHotplug }),
    ...(disks === undefined ? {} : { disks: disks.map((disk) => withDisk(disk, preferred)) }),
    ...(interfaces === undefined ? {} : { interfaces: interfaces.map((card) => withCard(card, preferred, spec)) }),
    ...(inputs === undefined ? {} : { inputs: inputs.map((input) => withInput(input, preferred)) }),
    ...(sound === undefined || isText(sound.model) || !isText(preferred.preferredSoundModel)
      ? {}
      : { sound: { ...sound, model: preferred.preferredSoundModel } }),
    ...(model === undefined
      ? {}
      : { panicDevices: (panicDevices ?? []).length === 0 ? [{ model }] : (panicDevices?.map((device) => ({ model, ...device })) ?? []) }),
  };
  return { ...spec, domain: { ...spec.domain, devices: filled } };
}

/** Fields that are taken as they are where the machine has none. Named as in the preference, then as in the machine. */
const plainFields = [
  ['preferredUseVirtioTransitional', 'useVirtioTransitional'],
  ['preferredBlockMultiQueue', 'blockMultiQueue'],
  ['preferredNetworkInterfaceMultiQueue', 'networkInterfaceMultiqueue'],
  ['preferredRng', 'rng'],
  ['preferredTPM', 'tpm'],
  ['preferredAutoattachGraphicsDevice', 'autoattachGraphicsDevice'],
  ['preferredAutoattachMemBalloon', 'autoattachMemBalloon'],
  ['preferredAutoattachPodInterface', 'autoattachPodInterface'],
  ['preferredAutoattachSerialConsole', 'autoattachSerialConsole'],
  ['preferredAutoattachInputDevice', 'autoattachInputDevice'],
] as const satisfies readonly (readonly [keyof Preferred, keyof Devices])[];

function plain(preferred: Preferred): Devices {
  const video = preferred.preferredVideoType;
  return {
    ...Object.fromEntries(plainFields.flatMap(([from, to]) => (preferred[from] === undefined ? [] : [[to, preferred[from]]]))),
    ...(video === undefined ? {} : { video: { type: video } }),
  };
}

function isText(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function withDisk(disk: Disk, preferred: Preferred): Disk {
  if (disk.cdrom !== undefined) return { ...disk, cdrom: withBus(disk.cdrom, preferred.preferredCdromBus) };
  if (disk.lun !== undefined) return { ...disk, lun: withBus(disk.lun, preferred.preferredLunBus) };
  const target = withBus(disk.disk ?? {}, preferred.preferredDiskBus);
  const { preferredDiskBlockSize, preferredDiskCache, preferredDiskIO, preferredDiskDedicatedIoThread } = preferred;
  return {
    ...(preferredDiskBlockSize === undefined ? {} : { blockSize: preferredDiskBlockSize }),
    // Threads of their own exist on virtio alone.
    ...(preferredDiskDedicatedIoThread === undefined || target.bus !== 'virtio'
      ? {}
      : { dedicatedIOThread: preferredDiskDedicatedIoThread }),
    ...disk,
    disk: target,
    ...(isText(disk.cache) || !isText(preferredDiskCache) ? {} : { cache: preferredDiskCache }),
    ...(isText(disk.io) || !isText(preferredDiskIO) ? {} : { io: preferredDiskIO }),
  };
}

function withBus<Target extends { bus?: string }>(target: Target, bus: string | undefined): Target {
  return isText(target.bus) || !isText(bus) ? target : { ...target, bus };
}

const bindings = ['bridge', 'masquerade', 'sriov', 'passtBinding', 'binding', 'slirp', 'macvtap', 'passt'] as const;

function withCard(card: Card, preferred: Preferred, { networks = [] }: Spec): Card {
  const { preferredInterfaceModel, preferredInterfaceMasquerade } = preferred;
  const hasBinding = bindings.some((name) => name in card && card[name as keyof Card] !== undefined);
  const isOnPodNetwork = networks.some(({ name, pod }) => name === card.name && pod !== undefined);
  return {
    ...card,
    ...(isText(card.model) || !isText(preferredInterfaceModel) ? {} : { model: preferredInterfaceModel }),
    ...(preferredInterfaceMasquerade === undefined || hasBinding || !isOnPodNetwork ? {} : { masquerade: preferredInterfaceMasquerade }),
  };
}

function withInput(input: NonNullable<Devices['inputs']>[number], preferred: Preferred): typeof input {
  const { preferredInputBus, preferredInputType } = preferred;
  return {
    ...input,
    bus: isText(input.bus) ? input.bus : (preferredInputBus ?? ''),
    type: isText(input.type) ? input.type : (preferredInputType ?? ''),
  };
}
