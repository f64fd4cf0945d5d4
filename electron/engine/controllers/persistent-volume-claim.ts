// Owns a claim's file: makes a blank one when nobody else fills it, grows it, and removes it when nobody uses it any more.
// Must not erase or overwrite a file that it did not make.
import { AppError } from '../../api/errors.ts';
import type { PersistentVolumeClaim } from '../../api/kinds/persistent-volume-claim.ts';
import type { ObjectKey } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { capacityBytes, claimStatusAfter, claimedBytes, diskFormatOf, diskPathOf, withDiskPath } from '../../core/status/claim-status.ts';
import { finalizers } from '../admission.ts';
import type { Controller, EngineContext } from '../context.ts';
import { isUsedBy } from '../launch-facts.ts';
import { suspendedOn } from '../suspend-to-disk.ts';
import { textOf } from '../queue.ts';
import { read, readAll } from '../typed.ts';

export function createClaimController(context: EngineContext): Controller {
  return {
    async reconcile(key) {
      const claim = read(context.store, { ...key, resource: resources.persistentVolumeClaims });
      if (claim === undefined) return;
      if (claim.metadata.deletionTimestamp !== undefined) return remove(context, key, claim);
      // Its DataVolume fills it, and says when it is Bound.
      const owner = claim.metadata.ownerReferences?.find(({ kind }) => kind === 'DataVolume');
      if (claim.status?.phase !== 'Bound') return owner === undefined ? makeBlank(context, key, claim) : undefined;
      return grow(context, key, claim);
    },
  };
}

/** At once and not on first use: an empty qcow2 takes no space, and a claim that is Bound can be shown as a disk. */
async function makeBlank(context: EngineContext, key: ObjectKey, claim: PersistentVolumeClaim): Promise<void> {
  const { host, fills } = context;
  const format = diskFormatOf(claim);
  const path = host.disks.claimPath(claim.metadata.namespace ?? 'default', claim.metadata.name, format);
  const there = await host.disks.inspectVolume(path, { writable: true });
  if (there.state === 'ready') {
    // Left by an earlier life of the database, or made by a core that was killed before it could say so. Somebody's data, in any case.
    bindClaim(context, key, { path, sizeBytes: there.virtualSizeBytes });
    return;
  }
  if (there.state === 'failed') throw new AppError('ImageRefused', there.message);
  const end = await fills.begin({
    claim: key,
    target: { path, format, sizeBytes: claimedBytes(claim) ?? 0 },
    source: { type: 'blank' },
    onChange: () => undefined,
  });
  fills.takeEnd(key);
  if (end.type === 'done') bindClaim(context, key, { path, sizeBytes: end.virtualSizeBytes });
  if (end.type !== 'failed') return;
  context.events.record(claim, { type: 'Warning', reason: 'ProvisioningFailed', message: textOf(end.error) });
  throw end.error;
}

export function bindClaim({ objects }: EngineContext, key: ObjectKey, disk: { readonly path: string; readonly sizeBytes: number }): void {
  objects.change(key, (object) => {
    const claim = withDiskPath(object as PersistentVolumeClaim, disk.path);
    const bound: PersistentVolumeClaim = { ...claim, status: claimStatusAfter(claim, { type: 'Bound', sizeBytes: disk.sizeBytes }) };
    return bound;
  });
}

async function grow(context: EngineContext, key: ObjectKey, claim: PersistentVolumeClaim): Promise<void> {
  const { host } = context;
  const [wanted, path] = [claimedBytes(claim), diskPathOf(claim)];
  if (wanted === undefined || path === undefined || wanted <= (capacityBytes(claim) ?? 0)) return;
  // QEMU holds the image, or a saved state knows its size; their end wakes us.
  if (users(context, claim).length > 0 || suspendedOn(context, key).length > 0) return;
  await host.disks.resize(path, wanted);
  bindClaim(context, key, { path, sizeBytes: wanted });
  context.events.record(claim, {
    type: 'Normal',
    reason: 'FileSystemResizeSuccessful',
    message: `The disk has now ${claim.spec.resources?.requests?.['storage'] ?? ''}.`,
  });
}

/** As Kubernetes' pvc-protection: a disk in use stays until its last user ends; that wakes us. */
async function remove(context: EngineContext, key: ObjectKey, claim: PersistentVolumeClaim): Promise<void> {
  const { host, fills, objects } = context;
  if (users(context, claim).length > 0) return;
  if (fills.isActive(key)) {
    fills.cancel(key);
    return;
  }
  fills.takeEnd(key);
  const path = diskPathOf(claim);
  // A copy of it would come to a bad end.
  if (path !== undefined && fills.isRead(path)) return;
  if (path !== undefined) await host.disks.remove(path);
  objects.dropFinalizer(key, finalizers[resources.persistentVolumeClaims] ?? '');
}

function users({ store }: EngineContext, { metadata: { namespace, name } }: PersistentVolumeClaim): readonly string[] {
  return readAll(store, resources.virtualMachineInstances, namespace).flatMap((vmi) => (isUsedBy(vmi, name) ? [vmi.metadata.name] : []));
}
