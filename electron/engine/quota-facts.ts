// Owns what the engine knows of quotas: facts for a start, the refusal of objects, the contents of a project.
// Must not decide; core/quota does.
import { AppError, type Cause } from '../api/errors.ts';
import type { DataVolume } from '../api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../api/kinds/persistent-volume-claim.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { KubeObject } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { LaunchFacts } from '../core/facts.ts';
import { claimOfDataVolume } from '../core/reconcile/disk-of-data-volume.ts';
import { claimRangeCauses } from '../core/quota/limit-range.ts';
import { type ObjectChange, type QuotaContents, objectQuotaCauses } from '../core/quota/object-quota.ts';
import { networkResources } from './device-facts.ts';
import { isPlaced } from './placed-machines.ts';
import type { StoreReader } from './ports.ts';
import { readAll } from './typed.ts';

/** `others`: machines of any project that have their place. */
export function quotaFacts(
  reader: StoreReader,
  { metadata: { namespace = 'default' } }: VirtualMachineInstance,
  others: readonly VirtualMachineInstance[],
): Pick<LaunchFacts, 'quota'> {
  const quotas = readAll(reader, resources.resourceQuotas, namespace);
  const limitRanges = readAll(reader, resources.limitRanges, namespace);
  if (quotas.length === 0 && limitRanges.length === 0) return {};
  return { quota: { quotas, limitRanges, machines: others.filter(({ metadata }) => metadata.namespace === namespace) } };
}

/** Every quota and range of the project that an object would break. */
export function objectRefusals(reader: StoreReader, change: ObjectChange): readonly Cause[] {
  const { resource, before, after } = change;
  const { namespace } = after.metadata;
  if (namespace === undefined) return [];
  const isClaim = resource === resources.persistentVolumeClaims;
  const quotas = readAll(reader, resources.resourceQuotas, namespace);
  const ranges = isClaim ? readAll(reader, resources.limitRanges, namespace) : [];
  const asked = storageOf(after);
  return [
    ...(isClaim && (before === undefined || asked !== storageOf(before)) ? claimRangeCauses(asked, ranges) : []),
    ...(quotas.length === 0 ? [] : objectQuotaCauses(change, quotas, reader.list(resource, namespace))),
  ];
}

/** Throws Forbidden in Kubernetes' words, with every quota that would be exceeded. */
export function refuseByQuota(reader: StoreReader, change: ObjectChange): void {
  const { resource, after } = change;
  const causes = objectRefusals(reader, change);
  if (causes.length === 0) return;
  const said = causes.map(({ message }) => message).join(', ');
  throw new AppError('Forbidden', `${resource} ${JSON.stringify(after.metadata.name)} is forbidden: ${said}`, { causes });
}

/** Why a DataVolume's claim is not made; empty when there is room by now. */
export function claimRefusals(reader: StoreReader, volume: DataVolume): readonly Cause[] {
  const draft = claimOfDataVolume(volume);
  const after = { ...draft, metadata: { ...draft.metadata, namespace: volume.metadata.namespace } } as KubeObject;
  return objectRefusals(reader, { resource: resources.persistentVolumeClaims, after });
}

function storageOf(object: KubeObject): string | undefined {
  return (object as PersistentVolumeClaim).spec?.resources?.requests?.['storage'];
}

export function quotaContents(reader: StoreReader, namespace: string, accelerator: 'kvm' | 'tcg'): QuotaContents {
  return {
    machines: readAll(reader, resources.virtualMachineInstances, namespace).filter(isPlaced),
    accelerator,
    networkResources: networkResources(reader),
    objects: (resource) => reader.list(resource, namespace),
  };
}
