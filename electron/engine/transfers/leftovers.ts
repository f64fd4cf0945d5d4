// Owns taking away what a transfer made before it was whole, here and there, so that nothing is left half; and the marks when it is whole.
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
  for (const path of markedPaths(there)) {
    for (const name of await marked(remote, path, metadata.uid)) await remote.remove(`${path}/${encodeURIComponent(name)}`);
  }
}

/** A machine that has arrived tells nobody how: selectors and copies of it are its user's. */
export async function removeMarks(context: EngineContext, transfer: Transfer): Promise<void> {
  const { spec, metadata } = transfer;
  if (spec.direction === 'bring') return unmarkHere(context, transfer);
  const remote = remoteOf(context.clusters, spec.connection);
  const there = await farNamespace(context, spec);
  for (const path of markedPaths(there)) {
    for (const name of await marked(remote, path, metadata.uid)) {
      await remote.merge(`${path}/${encodeURIComponent(name)}`, { metadata: { labels: { [transferLabel]: null } } });
    }
  }
}

function markedPaths(namespace: string): readonly string[] {
  return [machinesPath(namespace), dataVolumesPath(namespace), claimsPath(namespace)];
}

function unmarkHere({ store, objects }: EngineContext, { metadata: { uid, namespace = 'default' } }: Transfer): void {
  for (const resource of [resources.virtualMachines, resources.dataVolumes, resources.persistentVolumeClaims]) {
    for (const object of store.list(resource, namespace)) {
      if (object.metadata.labels?.[transferLabel] !== uid) continue;
      objects.change(keyOf(resource, object), ({ metadata, ...rest }) => {
        const { [transferLabel]: _mark, ...labels } = metadata.labels ?? {};
        const { labels: _labels, ...others } = metadata;
        return { ...rest, metadata: { ...others, ...(Object.keys(labels).length === 0 ? {} : { labels }) } };
      });
    }
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
