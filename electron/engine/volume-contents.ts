// Owns reading the objects whose files a machine's volumes show: by name of the volume, as ISO entries.
// Must not decide whether a missing one matters; core does.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { resources } from '../api/resources.ts';
import type { LaunchFacts } from '../core/facts.ts';
import { type ContentSource, contentSourceOf } from '../core/qemu/content-iso.ts';
import { downwardFiles } from '../core/qemu/downward-api.ts';
import type { IsoEntry } from '../core/qemu/launch-plan.ts';
import type { StoreReader } from './ports.ts';
import { read } from './typed.ts';

type Entries = Readonly<Record<string, IsoEntry>>;

export function volumeContents(store: StoreReader, vmi: VirtualMachineInstance): NonNullable<LaunchFacts['contents']> {
  const { namespace = 'default' } = vmi.metadata;
  const found = (vmi.spec.volumes ?? []).map((volume): readonly [string, Entries | undefined] => {
    if (volume.downwardAPI !== undefined) return [volume.name, downwardFiles(vmi, volume.downwardAPI)];
    const source = contentSourceOf(volume);
    return [volume.name, source === undefined ? undefined : entriesOf(store, namespace, source)];
  });
  return Object.fromEntries(found.flatMap(([name, entries]) => (entries === undefined ? [] : [[name, entries]])));
}

function entriesOf(store: StoreReader, namespace: string, { type, name }: ContentSource): Entries | undefined {
  if (type === 'secret') {
    const secret = read(store, { resource: resources.secrets, namespace, name });
    return secret === undefined ? undefined : bytes(secret.data);
  }
  const configMap = read(store, { resource: resources.configMaps, namespace, name });
  return configMap === undefined ? undefined : { ...configMap.data, ...bytes(configMap.binaryData) };
}

function bytes(data: Readonly<Record<string, string>> = {}): Entries {
  return Object.fromEntries(Object.entries(data).map(([key, base64]) => [key, { base64 }]));
}
