// Owns a DataVolume: makes its claim, fills it, tells how far it is, tries again what may get better.
// Must not move bytes; the host does.
import { annotations } from '../../api/annotations.ts';
import { AppError, type ErrorCode } from '../../api/errors.ts';
import type { DataVolume } from '../../api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../api/kinds/persistent-volume-claim.ts';
import type { ObjectKey } from '../../api/object.ts';
import { formatBytes } from '../../api/quantity.ts';
import { resources } from '../../api/resources.ts';
import { type VolumeSource, claimOfDataVolume, requestedBytes, sourceOf } from '../../core/reconcile/disk-of-data-volume.ts';
import { capacityBytes, diskFormatOf, diskPathOf, withDiskPath } from '../../core/status/claim-status.ts';
import { type DataVolumeFact, dataVolumeStatusAfter, isBegun, isOver } from '../../core/status/data-volume-status.ts';
import type { Controller, EngineContext } from '../context.ts';
import type { FillEnd } from '../fills.ts';
import { isUsedBy } from '../launch-facts.ts';
import { imagePullOf } from '../pulls.ts';
import type { DiskTarget } from '../disk-port.ts';
import type { DiskSource, Progress } from '../ports.ts';
import { textOf } from '../queue.ts';
import { read, readAll } from '../typed.ts';
import { bindClaim } from './persistent-volume-claim.ts';

// Twice a second is as often as anybody reads it.
const progressEveryMs = 500;
// CDI's importer pod comes back like any crashing pod.
const firstRetryMs = 10_000;
const lastRetryMs = 300_000;

/** What trying again cannot mend. */
const finalErrors: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ImageRefused',
  'Invalid',
  'BadRequest',
  'NotFound',
  'Forbidden',
  'AlreadyExists',
]);

export function createDataVolumeController(context: EngineContext): Controller {
  const { store, fills, clock } = context;
  /** By uid: when progress was last written, and when a broken fill is begun again. */
  const progressAt = new Map<string, number>();
  const retryAt = new Map<string, number>();

  return {
    async reconcile(key) {
      const volume = read(store, { ...key, resource: resources.dataVolumes });
      const claimKey = claimKeyOf(key);
      if (volume === undefined) return;
      const { uid } = volume.metadata;
      const end = fills.takeEnd(claimKey);
      if (end !== undefined) {
        progressAt.delete(uid);
        retryAt.delete(uid);
        const again = conclude(context, { key, volume }, end);
        if (again !== undefined) {
          retryAt.set(uid, again);
          context.wakeAt(key, again);
        }
        return;
      }
      if (isAskedAgain(volume)) {
        retryAt.delete(uid);
        return askAgain(context, key, fills.isActive(claimKey));
      }
      if (isOver(volume)) return;
      if (fills.isActive(claimKey)) {
        const progress = fills.progress(claimKey);
        if (progress === undefined) return;
        const at = (progressAt.get(uid) ?? -Infinity) + progressEveryMs;
        if (at > clock.now()) return context.wakeAt(key, at);
        progressAt.set(uid, clock.now());
        return writeProgress(context, key, progress);
      }
      const retry = retryAt.get(uid);
      if (retry !== undefined && retry > clock.now()) return context.wakeAt(key, retry);
      await begin(context, { key, volume });
    },
  };
}

/** Bytes of an upload, which come with a request. Throws Conflict, or what the filling throws. */
export async function upload(context: EngineContext, key: ObjectKey, sent: Sent): Promise<void> {
  const { store, fills } = context;
  const claimKey = claimKeyOf(key);
  const volume = read(store, { ...key, resource: resources.dataVolumes });
  const claim = read(store, { ...claimKey, resource: resources.persistentVolumeClaims });
  if (volume === undefined || claim === undefined) throw new AppError('NotFound', `${resources.dataVolumes} "${key.name}" not found`);
  if (volume.status?.phase !== 'UploadReady') {
    throw new AppError(
      'Conflict',
      `The disk ${key.name} takes no upload now: its phase is ${volume.status?.phase ?? 'Pending'}, not UploadReady.`,
    );
  }
  const end = await fills.begin({
    claim: claimKey,
    target: targetOf(context, volume, claim),
    source: { type: 'upload' },
    bytes: whole(sent),
    ...(sent.totalBytes === undefined ? {} : { totalBytes: sent.totalBytes }),
    onChange: () => context.wake(key),
  });
  // Written down before the answer, so that who uploads finds the disk ready.
  const untold = fills.takeEnd(claimKey);
  if (untold !== undefined) conclude(context, { key, volume }, untold);
  if (end.type === 'cancelled') throw new AppError('Timeout', `The upload to ${key.name} was broken off.`);
  if (end.type === 'failed') throw end.error;
}

export interface Sent {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** As announced. */
  readonly totalBytes?: number;
}

/** A connection that is cut must not leave a disk that looks whole. */
async function* whole({ bytes, totalBytes }: Sent): AsyncIterable<Uint8Array> {
  let count = 0;
  for await (const chunk of bytes) {
    count += chunk.length;
    yield chunk;
  }
  if (totalBytes === undefined || count === totalBytes) return;
  throw new AppError('BadRequest', `The upload ended after ${count} of ${totalBytes} bytes. Send it again.`);
}

/** How long a disk waits before it asks a quota again. */
const quotaRetryMs = 30_000;

interface Subject {
  readonly key: ObjectKey;
  readonly volume: DataVolume;
}

async function begin(context: EngineContext, { key, volume }: Subject): Promise<void> {
  const source = sourceOf(volume);
  if (source.type === 'unsupported') {
    const message = `Disks from ${source.name} are not available here. Use blank, http, registry, upload, pvc, file or mmdebstrap.`;
    fail(context, { key, volume }, { reason: 'SourceNotSupported', message });
    return;
  }
  const claim = ensureClaim(context, { key, volume });
  if (claim === undefined) return;
  const found = diskSource(context, volume, source);
  if ('waiting' in found) {
    writeFact(context, key, { type: 'Waiting', ...found.waiting });
    return;
  }
  const target = targetOf(context, volume, claim);
  const there = await context.host.disks.inspectVolume(target.path, { writable: true });
  if (there.state !== 'missing') {
    // Filling is all or nothing: a file that is there after we had begun is the whole disk.
    if (there.state === 'ready' && isBegun(volume))
      return succeed(context, { key, volume }, { path: target.path, sizeBytes: there.virtualSizeBytes });
    const message = `There is a file ${target.path} already, and nobody knows of it. Move it away, or delete it.`;
    return fail(context, { key, volume }, { reason: 'FileExists', message });
  }
  // Before the first byte: what is found later is then known to be ours.
  context.objects.change(claimKeyOf(key), (object) => withDiskPath(object as PersistentVolumeClaim, target.path));
  writeFact(context, key, { type: 'Begun' });
  if (source.type === 'upload' || context.fills.isActive(claimKeyOf(key))) return;
  const claimKey = claimKeyOf(key);
  const filling = context.fills.begin({ claim: claimKey, target, source: found.source, onChange: () => context.wake(key) });
  // A claim that is being deleted waits for it.
  void filling.then(() => context.wake(claimKey));
}

function isAskedAgain({ metadata, status }: DataVolume): boolean {
  return metadata.annotations?.[annotations.importAgain] !== undefined && status?.phase !== 'Succeeded';
}

/** The wish is spent with the try; its own change wakes us again. */
function askAgain({ objects, clock }: EngineContext, key: ObjectKey, isFilling: boolean): void {
  objects.change(key, (object) => {
    const volume = object as DataVolume;
    const { [annotations.importAgain]: _asked, ...kept } = volume.metadata.annotations ?? {};
    const spent = { ...volume, metadata: { ...volume.metadata, annotations: kept } };
    // While bytes flow there is nothing to begin again.
    return isFilling ? spent : { ...spent, status: dataVolumeStatusAfter(volume, { type: 'AskedAgain' }, clock.now()) };
  });
}

/** Undefined while there is none that is ours. */
function ensureClaim(context: EngineContext, { key, volume }: Subject): PersistentVolumeClaim | undefined {
  const { store, objects } = context;
  const claimKey = claimKeyOf(key);
  const there = read(store, { ...claimKey, resource: resources.persistentVolumeClaims });
  if (there?.metadata.deletionTimestamp !== undefined) return undefined;
  if (there !== undefined) {
    if (there.metadata.ownerReferences?.some(({ uid }) => uid === volume.metadata.uid) === true) return there;
    fail(
      context,
      { key, volume },
      { reason: 'ErrClaimNotValid', message: `PVC ${key.name} exists and is not a part of this DataVolume. Choose another name.` },
    );
    return undefined;
  }
  try {
    objects.create({ resource: resources.persistentVolumeClaims, namespace: key.namespace ?? 'default' }, claimOfDataVolume(volume), {
      byCore: true,
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'Forbidden') throw error;
    // CDI's reason. Room in a quota comes from many sides, so it is asked for again.
    writeFact(context, key, { type: 'Waiting', reason: 'ErrExceededQuota', message: error.message });
    context.wakeAt(key, context.clock.now() + quotaRetryMs);
    return undefined;
  }
  return read(store, { ...claimKey, resource: resources.persistentVolumeClaims });
}

type Found = { readonly source: DiskSource } | { readonly waiting: { readonly reason: string; readonly message: string } };

function diskSource(context: EngineContext, volume: DataVolume, source: Exclude<VolumeSource, { type: 'unsupported' }>): Found {
  const { store } = context;
  if (source.type === 'registry') return registrySource(context, volume, source);
  if (source.type === 'http') return httpSource(context, volume, source);
  if (source.type !== 'clone') return { source };
  const namespace = source.namespace === '' ? (volume.metadata.namespace ?? 'default') : source.namespace;
  const origin = read(store, { resource: resources.persistentVolumeClaims, namespace, name: source.name });
  const path = origin === undefined ? undefined : diskPathOf(origin);
  if (origin?.status?.phase !== 'Bound' || path === undefined) {
    return { waiting: { reason: 'CloneWaitingForSource', message: `The disk ${namespace}/${source.name} is not there yet.` } };
  }
  const user = readAll(store, resources.virtualMachineInstances, namespace).find((vmi) => isUsedBy(vmi, source.name));
  if (user === undefined) return { source: { type: 'clone', path } };
  return {
    waiting: {
      reason: 'SourceInUse',
      message: `The disk ${namespace}/${source.name} is in use by ${user.metadata.name}; it is copied when that stops.`,
    },
  };
}

function httpSource(context: EngineContext, { metadata }: DataVolume, source: Extract<VolumeSource, { type: 'http' }>): Found {
  const { certConfigMap, ...asked } = source;
  const authorities = authoritiesOf(context, metadata.namespace ?? 'default', certConfigMap);
  if (authorities === undefined) return { source: asked };
  if ('refusal' in authorities) return { waiting: { reason: 'ImportScheduled', message: authorities.refusal } };
  return { source: { ...asked, ...authorities } };
}

/** What is not there yet may come: the disk waits for its Secret and its ConfigMap. */
function registrySource(context: EngineContext, { metadata }: DataVolume, source: Extract<VolumeSource, { type: 'registry' }>): Found {
  const { namespace = 'default' } = metadata;
  const asked = imagePullOf(context, { image: source.url, secret: source.secretRef ?? '', namespace });
  if ('refusal' in asked) return { waiting: { reason: 'ErrImagePull', message: asked.refusal } };
  const authorities = authoritiesOf(context, namespace, source.certConfigMap);
  if (authorities === undefined) return { source: { type: 'registry', ...asked.pull } };
  if ('refusal' in authorities) return { waiting: { reason: 'ErrImagePull', message: authorities.refusal } };
  return { source: { type: 'registry', ...asked.pull, ...authorities } };
}

/** CDI's: every value of the ConfigMap is PEM. One that is not there yet may come. */
function authoritiesOf(
  { store }: EngineContext,
  namespace: string,
  name: string | undefined,
): { readonly authorities: string } | { readonly refusal: string } | undefined {
  if (name === undefined || name === '') return undefined;
  const stored = read(store, { resource: resources.configMaps, namespace, name });
  if (stored === undefined) return { refusal: `There is no ConfigMap ${name} with the authorities of the source.` };
  const texts = Object.values(stored.data ?? {}).filter((text) => text.includes('-----BEGIN CERTIFICATE-----'));
  if (texts.length === 0) return { refusal: `The ConfigMap ${name} holds no certificate in PEM form.` };
  return { authorities: texts.join('\n') };
}

/** Of a disk that nobody named a size for. What the file system has room for is less. */
const mostBytes = 2 ** 43;

function targetOf({ host }: EngineContext, volume: DataVolume, claim: PersistentVolumeClaim): DiskTarget {
  const format = diskFormatOf(claim);
  const { namespace = 'default', name } = claim.metadata;
  const sizeBytes = requestedBytes(volume) ?? capacityBytes(claim);
  const path = host.disks.claimPath(namespace, name, format);
  return sizeBytes === undefined ? { path, format, sizeBytes: mostBytes, isAsItIs: true } : { path, format, sizeBytes };
}

/** When to try again, if that makes sense. */
function conclude(context: EngineContext, { key, volume }: Subject, end: FillEnd): number | undefined {
  switch (end.type) {
    case 'done': {
      const claim = read(context.store, { ...claimKeyOf(key), resource: resources.persistentVolumeClaims });
      const path = claim === undefined ? undefined : diskPathOf(claim);
      if (end.digest !== undefined) writeDigest(context, key, end.digest);
      if (path !== undefined) succeed(context, { key, volume }, { path, sizeBytes: end.virtualSizeBytes });
      return undefined;
    }
    case 'cancelled':
      // By a deletion, or because the engine lets go: the next one begins it again.
      return undefined;
    case 'failed': {
      const message = textOf(end.error);
      const isUpload = sourceOf(volume).type === 'upload';
      // Who uploads can send something else.
      if (!isUpload && end.error instanceof AppError && finalErrors.has(end.error.code)) {
        fail(context, { key, volume }, { reason: end.error.code, message });
        return undefined;
      }
      const isFull = end.error instanceof AppError && end.error.code === 'DiskFull';
      writeFact(context, key, { type: 'Interrupted', message, ...(isFull ? { reason: 'DiskFull' } : {}) });
      context.events.record(volume, { type: 'Warning', reason: 'Error', message });
      if (isUpload) return context.clock.now();
      return context.clock.now() + Math.min(firstRetryMs * 2 ** (volume.status?.restartCount ?? 0), lastRetryMs);
    }
  }
}

/** What a tag meant: the same disk can be made again by it. */
function writeDigest({ objects }: EngineContext, key: ObjectKey, digest: string): void {
  objects.change(key, (object) => ({
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [annotations.imageDigest]: digest } },
  }));
}

function succeed(context: EngineContext, { key, volume }: Subject, disk: { readonly path: string; readonly sizeBytes: number }): void {
  context.store.transaction(() => {
    bindClaim(context, claimKeyOf(key), disk);
    if (requestedBytes(volume) === undefined) noteSize(context, claimKeyOf(key), disk.sizeBytes);
    writeFact(context, key, { type: 'Done' });
    context.events.record(volume, { type: 'Normal', reason: 'ImportSucceeded', message: `Successfully filled the disk ${key.name}` });
  });
}

/** Only now is it known how much the claim takes of its project's quota. */
function noteSize({ objects }: EngineContext, key: ObjectKey, sizeBytes: number): void {
  objects.change(key, (object) => {
    const claim = object as PersistentVolumeClaim;
    const requests = { ...claim.spec.resources?.requests, storage: formatBytes(sizeBytes) };
    return { ...claim, spec: { ...claim.spec, resources: { ...claim.spec.resources, requests } } };
  });
}

function fail(context: EngineContext, { key, volume }: Subject, why: { readonly reason: string; readonly message: string }): void {
  writeFact(context, key, { type: 'Failed', ...why });
  context.events.record(volume, { type: 'Warning', ...why });
}

function writeFact({ objects, clock }: EngineContext, key: ObjectKey, fact: DataVolumeFact): void {
  objects.change(key, (object) => {
    const volume = object as DataVolume;
    const changed: DataVolume = { ...withoutProgress(volume, fact), status: dataVolumeStatusAfter(volume, fact, clock.now()) };
    return changed;
  });
}

/** The annotation tells of bytes that flow. */
function withoutProgress(volume: DataVolume, fact: DataVolumeFact): DataVolume {
  if (fact.type === 'Progress' || volume.metadata.annotations?.[annotations.progress] === undefined) return volume;
  const { [annotations.progress]: _gone, ...kept } = volume.metadata.annotations;
  return { ...volume, metadata: { ...volume.metadata, annotations: kept } };
}

function writeProgress({ objects, clock }: EngineContext, key: ObjectKey, progress: Progress): void {
  const { doneBytes, totalBytes } = progress;
  const percent =
    progress.percent ??
    (doneBytes === undefined || totalBytes === undefined || totalBytes === 0 ? undefined : (doneBytes / totalBytes) * 100);
  objects.change(key, (object) => {
    const volume = object as DataVolume;
    const changed: DataVolume = {
      ...volume,
      metadata: {
        ...volume.metadata,
        annotations: { ...volume.metadata.annotations, [annotations.progress]: JSON.stringify({ ...progress, percent }) },
      },
      ...(percent === undefined ? {} : { status: dataVolumeStatusAfter(volume, { type: 'Progress', percent }, clock.now()) }),
    };
    return changed;
  });
}

function claimKeyOf({ namespace = 'default', name }: ObjectKey): ObjectKey {
  return { resource: resources.persistentVolumeClaims, namespace, name };
}
