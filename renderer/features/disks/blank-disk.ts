// Owns the manifest of an empty disk.
// Must not send it.
import type { DraftObject } from '../../../electron/api/object.ts';

export interface BlankDisk {
  readonly namespace: string;
  readonly name: string;
  readonly sizeGiB: number;
}

export function blankDisk({ namespace, name, sizeGiB }: BlankDisk): DraftObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { namespace, name },
    spec: { source: { blank: {} }, storage: { resources: { requests: { storage: `${sizeGiB}Gi` } } } },
  };
}

/** Key under `disks:create.invalid`; a disk's name is a DNS subdomain, as Kubernetes wants. */
export function diskNameProblem(
  name: string,
  { namespace, taken }: { readonly namespace: string; readonly taken: readonly string[] },
): 'name' | 'taken' | undefined {
  if (taken.includes(`${namespace}/${name}`)) return 'taken';
  const isName = name.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name);
  return isName ? undefined : 'name';
}
