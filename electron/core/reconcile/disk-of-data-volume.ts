// Owns what a DataVolume asks for: its claim, its source, its size.
// Must not fetch anything.
import { annotations } from '../../api/annotations.ts';
import type { DataVolume, LocalSources } from '../../api/kinds/data-volume.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import type { DraftObject, ObjectMeta } from '../../api/object.ts';
import { bytesOf } from '../../api/quantity.ts';
import { ownedBy } from './vmi-of-vm.ts';

export type VolumeSource =
  | { readonly type: 'blank' }
  | { readonly type: 'http'; readonly url: string; readonly checksum?: string; readonly certConfigMap?: string }
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'clone'; readonly namespace: string; readonly name: string }
  | { readonly type: 'upload' }
  | { readonly type: 'registry'; readonly url: string; readonly secretRef?: string; readonly certConfigMap?: string }
  | { readonly type: 'mmdebstrap'; readonly suite?: string; readonly packages?: readonly string[] }
  | { readonly type: 'unsupported'; readonly name: string };

type Source = NonNullable<DataVolume['spec']['source']> & LocalSources;

export function sourceOf(volume: DataVolume): VolumeSource {
  const source: Source = volume.spec.source ?? {};
  if (source.blank !== undefined) return { type: 'blank' };
  if (source.http !== undefined) {
    const { url, certConfigMap } = source.http;
    return { type: 'http', url, ...checksumOf(volume), ...(certConfigMap === undefined ? {} : { certConfigMap }) };
  }
  if (source.registry?.url !== undefined) {
    const { url, secretRef, certConfigMap } = source.registry;
    return {
      type: 'registry',
      url,
      ...(secretRef === undefined ? {} : { secretRef }),
      ...(certConfigMap === undefined ? {} : { certConfigMap }),
    };
  }
  if (source.pvc !== undefined) return { type: 'clone', namespace: source.pvc.namespace, name: source.pvc.name };
  if (source.upload !== undefined) return { type: 'upload' };
  if (source.file !== undefined) return { type: 'file', path: source.file.path };
  if (source.mmdebstrap !== undefined) return { type: 'mmdebstrap', ...source.mmdebstrap };
  const name = volume.spec.sourceRef === undefined ? Object.keys(source)[0] : 'sourceRef';
  return { type: 'unsupported', name: name ?? 'none' };
}

function checksumOf({ metadata }: DataVolume): { readonly checksum?: string } {
  const checksum = metadata.annotations?.[annotations.checksum];
  return checksum === undefined || checksum === '' ? {} : { checksum };
}

/** Undefined when the volume leaves it to its source. */
export function requestedBytes({ spec }: DataVolume): number | undefined {
  return bytesOf((spec.storage ?? spec.pvc)?.resources?.requests?.['storage']);
}

/** A claim must name a size; this one is told its own when its disk is filled. */
const unknownSize = '1Mi';

/** The claim that a DataVolume makes for itself: same name, gone when it goes. */
export function claimOfDataVolume(volume: DataVolume): DraftObject {
  const { name, labels } = volume.metadata;
  const asked = volume.spec.storage ?? volume.spec.pvc;
  const format = volume.metadata.annotations?.[annotations.diskFormat];
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      ...(labels === undefined ? {} : { labels }),
      ...(format === undefined ? {} : { annotations: { [annotations.diskFormat]: format } }),
      ownerReferences: [ownedBy(volume)],
    },
    spec: {
      accessModes: asked?.accessModes ?? ['ReadWriteOnce'],
      ...(asked?.volumeMode === undefined ? {} : { volumeMode: asked.volumeMode }),
      ...(asked?.storageClassName === undefined ? {} : { storageClassName: asked.storageClassName }),
      resources: requestedBytes(volume) === undefined ? { requests: { storage: unknownSize } } : asked?.resources,
    },
  };
}

/** The DataVolumes that a VirtualMachine brings along. */
export function dataVolumesOfVm(
  vm: VirtualMachine,
): readonly (DraftObject & { readonly metadata: Partial<ObjectMeta> & { readonly name: string } })[] {
  return (vm.spec.dataVolumeTemplates ?? []).flatMap(({ metadata, spec }) => {
    const { name, labels, annotations: notes } = metadata ?? {};
    if (name === undefined) return [];
    return [
      {
        apiVersion: 'cdi.kubevirt.io/v1beta1',
        kind: 'DataVolume',
        metadata: {
          name,
          labels: { ...labels, 'kubevirt.io/created-by': vm.metadata.uid },
          ...(notes === undefined ? {} : { annotations: notes }),
          ownerReferences: [ownedBy(vm)],
        },
        spec,
      },
    ];
  });
}
