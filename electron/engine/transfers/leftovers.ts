// Owns taking away what a transfer made before it was whole, here and there, so that nothing is left half.
// Must not touch what does not carry the mark of this transfer.
import type { Transfer } from '../../api/kinds/transfer.ts';
import type { Json } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { transferLabel } from '../../core/clusters/outgoing.ts';
import { isObject, type Remote, remoteOf, textAt } from '../clusters/remote.ts';
import type { EngineContext } from '../context.ts';
import { keyOf } from '../removal.ts';
import { claimsPath, dataVolumesPath, farNamespace, machinesPath } from './facts.ts';

/** Throws what the cluster says; then some of it may still be there. */
export async function removeLeftovers(context: EngineContext, transfer: Transfer): Promise<void> {
  const { spec, metadata } = transfer;
  const remote = remoteOf(context.clusters, spec.connection);
  const there = await farNamespace(context, spec);
  if (spec.direction === 'bring') {
    removeHere(context, transfer);
    return removeExport(remote, there, metadata.uid);
  }
  // The claims, too: some clusters forget a DataVolume as soon as it is filled.
  for (const path of [machinesPath(there), dataVolumesPath(there), claimsPath(there)]) {
    for (const name of await marked(remote, path, metadata.uid)) await remote.remove(`${path}/${encodeURIComponent(name)}`);
  }
}

async function marked(remote: Remote, path: string, uid: string): Promise<readonly string[]> {
  const list = await remote.get(`${path}?labelSelector=${encodeURIComponent(`${transferLabel}=${uid}`)}`);
  const items: Json = list?.['items'] ?? [];
  if (!Array.isArray(items)) return [];
  // A cluster that passed over the selector must not have us delete everything.
  return items.filter(isObject).flatMap((item: Json) => {
    if (!isObject(item) || textAt(item, 'metadata', 'labels', transferLabel) !== uid) return [];
    return textAt(item, 'metadata', 'name') ?? [];
  });
}

function removeHere({ store, objects }: EngineContext, { metadata: { uid, namespace = 'default' } }: Transfer): void {
  for (const resource of [resources.virtualMachines, resources.dataVolumes]) {
    for (const object of store.list(resource, namespace)) {
      if (object.metadata.labels?.[transferLabel] === uid) objects.delete(keyOf(resource, object));
    }
  }
}

export async function removeExport(remote: Remote, namespace: string, uid: string): Promise<void> {
  const { exportPath, secretPath } = exportPaths(namespace, uid);
  await remote.remove(exportPath);
  await remote.remove(secretPath);
}

/** Of the export that a transfer makes on the cluster, and of its token. */
export function exportPaths(
  namespace: string,
  uid: string,
): { readonly name: string; readonly exports: string; readonly secrets: string; readonly exportPath: string; readonly secretPath: string } {
  const name = `virtdeck-${uid.slice(0, 13)}`;
  const exports = `/apis/export.kubevirt.io/v1beta1/namespaces/${encodeURIComponent(namespace)}/virtualmachineexports`;
  const secrets = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
  return { name, exports, secrets, exportPath: `${exports}/${name}`, secretPath: `${secrets}/${name}` };
}
