// Owns the manifest of a new disk: empty, from elsewhere, or a copy of another.
// Must not send it.
import type { DraftObject, JsonObject } from '../../../electron/api/object.ts';
import { addressProblem, type AddressProblem, elsewhereSource } from '../../ui/image-address.ts';
import { isObjectName } from '../../ui/object-name.ts';

export const newDiskSources = ['blank', 'elsewhere', 'copy'] as const;
type NewDiskSource = (typeof newDiskSources)[number];

export interface DiskDraft {
  readonly namespace: string;
  readonly name: string;
  readonly source: NewDiskSource;
  /** Absent, for one that has content: as large as what it is filled with. */
  readonly sizeGiB: number | undefined;
  readonly address: string;
  /** Blank: the registry is open to everybody. */
  readonly secret: string;
  /** Name of the disk that is copied. */
  readonly original: string;
}

export function diskManifest(draft: DiskDraft): DraftObject {
  const { namespace, name, sizeGiB } = draft;
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { namespace, name },
    spec: {
      source: sourceOf(draft) as JsonObject,
      storage: sizeGiB === undefined ? {} : { resources: { requests: { storage: `${sizeGiB}Gi` } } },
    },
  };
}

function sourceOf({ source, namespace, address, secret, original }: DiskDraft): object {
  switch (source) {
    case 'blank':
      return { blank: {} };
    case 'elsewhere':
      return elsewhereSource(address, secret);
    case 'copy':
      return { pvc: { namespace, name: original } };
  }
}

/** Key under `disks:create.invalid`. */
export function diskNameProblem(
  name: string,
  { namespace, taken }: { readonly namespace: string; readonly taken: readonly string[] },
): 'name' | 'taken' | undefined {
  if (taken.includes(`${namespace}/${name}`)) return 'taken';
  return isObjectName(name) ? undefined : 'name';
}

/** Beside the name; `size` where a number is needed, or what stands there is none. */
export function diskProblems({ source, sizeGiB, address, original }: DiskDraft): readonly (AddressProblem | 'size' | 'original')[] {
  const elsewhere = source === 'elsewhere' ? addressProblem(address) : undefined;
  const hasSize = sizeGiB === undefined ? source !== 'blank' : Number.isInteger(sizeGiB) && sizeGiB > 0;
  return [
    ...(elsewhere === undefined ? [] : [elsewhere]),
    ...(source === 'copy' && original === '' ? (['original'] as const) : []),
    ...(hasSize ? [] : (['size'] as const)),
  ];
}
