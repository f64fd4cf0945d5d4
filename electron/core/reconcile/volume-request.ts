// Owns adding and removing a volume of a machine that may be running: whether it may be, and what the definition is then.
// KubeVirt v1.9.0, pkg/virt-api/rest/volumes.go and ApplyVolumeRequestOnVMISpec.
// Must not plug anything; the engine does when it sees the changed run.
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';

type Spec = VirtualMachineInstanceSpec;
type Volume = NonNullable<Spec['volumes']>[number];
type Disk = NonNullable<Spec['domain']['devices']['disks']>[number];

/** KubeVirt's AddVolumeOptions and RemoveVolumeOptions. */
export type VolumeRequest =
  | {
      readonly type: 'add';
      readonly name: string;
      readonly disk: Omit<Disk, 'name'>;
      readonly source: Pick<Volume, 'dataVolume' | 'persistentVolumeClaim'>;
    }
  | { readonly type: 'remove'; readonly name: string };

/** Why not, in KubeVirt's words; undefined when nothing speaks against it. */
export function volumeRequestRefusal({ volumes = [] }: Spec, request: VolumeRequest): string | undefined {
  if (request.type === 'add') {
    const source = sourceName(request.source);
    if (volumes.some(({ name }) => name === request.name))
      return `Unable to add volume [${request.name}] because volume with that name already exists`;
    if (volumes.some((volume) => sourceName(volume) === source)) return `Unable to add volume source [${source}] because it already exists`;
    return undefined;
  }
  const found = volumeFor(volumes, request.name);
  if (found === undefined) return `Unable to remove volume [${request.name}] because it does not exist`;
  return isHotpluggable(found) ? undefined : `Unable to remove volume [${found.name}] because it is not hotpluggable`;
}

export function withVolumeRequest(spec: Spec, request: VolumeRequest): Spec {
  const { disks = [] } = spec.domain.devices;
  const volumes = spec.volumes ?? [];
  if (request.type === 'add') {
    const volume = { name: request.name, ...hotpluggable(request.source) };
    return withDisks({ ...spec, volumes: [...volumes, volume] }, [...disks, { ...request.disk, name: request.name }]);
  }
  const name = volumeFor(volumes, request.name)?.name;
  return withDisks(
    { ...spec, volumes: volumes.filter((volume) => volume.name !== name) },
    disks.filter((disk) => disk.name !== name),
  );
}

/** May come and go while the machine runs. */
export function isHotpluggable({ dataVolume, persistentVolumeClaim }: Volume): boolean {
  return dataVolume?.hotpluggable === true || persistentVolumeClaim?.hotpluggable === true;
}

/** The run without what was plugged into it alone: volumes that its machine's definition does not have. */
export function withoutOwnVolumes(spec: Spec, definition: Spec | undefined): Spec {
  const defined = new Set((definition?.volumes ?? []).map(({ name }) => name));
  const own = new Set((spec.volumes ?? []).filter((volume) => isHotpluggable(volume) && !defined.has(volume.name)).map(({ name }) => name));
  if (own.size === 0) return spec;
  return withDisks(
    { ...spec, volumes: (spec.volumes ?? []).filter(({ name }) => !own.has(name)) },
    (spec.domain.devices.disks ?? []).filter(({ name }) => !own.has(name)),
  );
}

function withDisks(spec: Spec, disks: Disk[]): Spec {
  return { ...spec, domain: { ...spec.domain, devices: { ...spec.domain.devices, disks } } };
}

function hotpluggable({ dataVolume, persistentVolumeClaim }: Pick<Volume, 'dataVolume' | 'persistentVolumeClaim'>): Partial<Volume> {
  return {
    ...(dataVolume === undefined ? {} : { dataVolume: { ...dataVolume, hotpluggable: true } }),
    ...(persistentVolumeClaim === undefined ? {} : { persistentVolumeClaim: { ...persistentVolumeClaim, hotpluggable: true } }),
  };
}

/** A volume is known by its own name, and to a removal also by that of its claim. */
function volumeFor(volumes: readonly Volume[], name: string): Volume | undefined {
  return volumes.find((volume) => volume.name === name || sourceName(volume) === name);
}

function sourceName({ dataVolume, persistentVolumeClaim }: Pick<Volume, 'dataVolume' | 'persistentVolumeClaim'>): string | undefined {
  return dataVolume?.name ?? persistentVolumeClaim?.claimName;
}
