// Owns making the objects of a new machine, in an order that leaves nothing behind when one is refused.
// Must not show anything; every failure is thrown.
import type { Client, MachineName } from '../../client/client.ts';
import { isUploadReady } from './progress.ts';
import type { Manifests } from './manifests.ts';

/** The Secret first, so that the machine never waits for it; it goes when the machine goes. */
export async function createMachine(client: Client, { secret, machine }: Manifests): Promise<void> {
  if (secret !== undefined) await client.create('secrets', secret);
  const { name, namespace } = machine.metadata;
  const made = await client.create('virtualmachines.kubevirt.io', machine).catch(async (error: unknown) => {
    if (secret !== undefined) await client.delete({ resource: 'secrets', namespace, name: secret.metadata.name });
    throw error;
  });
  if (secret === undefined) return;
  const owner = { apiVersion: machine.apiVersion, kind: machine.kind, name, uid: made.metadata.uid };
  await client.patch({ resource: 'secrets', namespace, name: secret.metadata.name }, { metadata: { ownerReferences: [owner] } });
}

/** Waits until the core takes the bytes, then sends them. Ends with the signal. */
export async function uploadDisk(
  client: Client,
  disk: MachineName,
  options: { readonly file: Blob; readonly signal: AbortSignal },
): Promise<void> {
  const { file, signal } = options;
  await untilUploadReady(client, disk, signal);
  await client.upload(disk, file, signal);
}

async function untilUploadReady(client: Client, { namespace, name }: MachineName, signal: AbortSignal): Promise<void> {
  const resource = 'datavolumes.cdi.kubevirt.io';
  const { items, resourceVersion } = await client.list(resource, { namespace, signal });
  if (items.some((volume) => volume.metadata.name === name && isUploadReady(volume))) return;
  // A watch of its own: the upload goes on when the page that began it is left.
  const stop = new AbortController();
  const end = (): void => stop.abort();
  signal.addEventListener('abort', end);
  try {
    for await (const { type, object } of client.watch(resource, { resourceVersion, signal: stop.signal })) {
      if (type === 'DELETED' || object.metadata.namespace !== namespace || object.metadata.name !== name) continue;
      if (isUploadReady(object)) return;
    }
  } finally {
    signal.removeEventListener('abort', end);
    stop.abort();
  }
}
