// Owns opening a disk of a VirtualMachineExport for somebody who has its token.
// Must not compare the token: whoever speaks to strangers does.
import { AppError } from '../api/errors.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { tokenSecretOf } from '../core/clusters/export-status.ts';
import { textOfBase64 } from '../core/qemu/secret-text.ts';
import { diskFormatOf, diskPathOf } from '../core/status/claim-status.ts';
import type { EngineContext } from './context.ts';
import { exportedClaims } from './controllers/virtual-machine-export.ts';
import type { PackedDisk } from './ports.ts';
import { read } from './typed.ts';

/** What the caller must know; undefined when there is no such export, or it gives nothing now. */
export function exportToken({ store }: EngineContext, key: ObjectKey): string | undefined {
  const object = read(store, { ...key, resource: resources.exports });
  if (object?.status?.phase !== 'Ready') return undefined;
  const { namespace = 'default' } = key;
  const encoded = read(store, { resource: resources.secrets, namespace, name: tokenSecretOf(object) })?.data?.['token'];
  const token = encoded === undefined ? undefined : textOfBase64(encoded);
  return token === '' ? undefined : token;
}

/** Throws NotFound; the copy is removed by whoever closes it. */
export async function openExport(context: EngineContext, key: ObjectKey, claimName: string): Promise<PackedDisk> {
  const { store, host } = context;
  const { namespace = 'default' } = key;
  const object = read(store, { ...key, resource: resources.exports });
  const claim = read(store, { resource: resources.persistentVolumeClaims, namespace, name: claimName });
  const path = claim === undefined ? undefined : diskPathOf(claim);
  if (object === undefined || claim === undefined || path === undefined || exportedClaims(context, object)?.includes(claimName) !== true) {
    throw new AppError('NotFound', `${resources.exports} "${key.name}" has no disk ${claimName}`);
  }
  return host.disks.pack({ disk: { path, format: diskFormatOf(claim) }, as: 'raw' });
}
