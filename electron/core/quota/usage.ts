// Owns what a machine or an object takes of a quota, under Kubernetes' names.
// Must not know any quota.
import type { PersistentVolumeClaim } from '../../api/kinds/persistent-volume-claim.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { KubeObject, ResourceId } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { bytesOf } from '../../api/quantity.ts';
import type { Amounts } from '../placement/amounts.ts';
import { type Charge, type ChargeFacts, chargeOf } from '../placement/charge.ts';

/** Kubernetes counts these under their bare name too. Services and the like do not exist here: a quota of them stays at 0. */
const barelyCounted: readonly ResourceId[] = [
  resources.persistentVolumeClaims,
  resources.secrets,
  resources.configMaps,
  resources.resourceQuotas,
];

export function usageOfMachine(vmi: VirtualMachineInstance, charging: ChargeFacts): Amounts {
  return usageOfCharge(chargeOf(vmi, charging));
}

/** A machine that has its place is what a pod is to Kubernetes: `cpu` and `memory` of a quota are requests. */
export function usageOfCharge({ requests, limits }: Charge): Amounts {
  const usage: Record<string, number> = { pods: 1, 'count/pods': 1 };
  for (const [name, amount] of Object.entries(requests)) {
    usage[`requests.${name}`] = amount;
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) usage[name] = amount;
  }
  for (const name of ['cpu', 'memory']) if (limits[name] !== undefined) usage[`limits.${name}`] = limits[name];
  return usage;
}

export function usageOfObject(resource: ResourceId, object: KubeObject): Amounts {
  const count = { [`count/${resource}`]: 1, ...(barelyCounted.includes(resource) ? { [resource]: 1 } : {}) };
  if (resource !== resources.persistentVolumeClaims) return count;
  const { spec } = object as PersistentVolumeClaim;
  const bytes = bytesOf(spec.resources?.requests?.['storage']) ?? 0;
  const { storageClassName } = spec;
  const ofClass = `${storageClassName}.storageclass.storage.k8s.io`;
  return {
    ...count,
    'requests.storage': bytes,
    ...(storageClassName === undefined
      ? {}
      : { [`${ofClass}/requests.storage`]: bytes, [`${ofClass}/${resources.persistentVolumeClaims}`]: 1 }),
  };
}

/** Kinds of which a quota of these resources must see every object. */
export function countedKinds(hard: readonly string[]): readonly ResourceId[] {
  const found = hard.flatMap((name): readonly ResourceId[] => {
    if (name.startsWith('count/')) return name === 'count/pods' ? [] : [name.slice('count/'.length)];
    if (/(^|\/)(requests\.storage|persistentvolumeclaims)$/.test(name)) return [resources.persistentVolumeClaims];
    return barelyCounted.includes(name) ? [name] : [];
  });
  return [...new Set(found)];
}
