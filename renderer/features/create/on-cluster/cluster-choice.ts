// Owns what is chosen for a machine of a cluster beside what every machine has, and what it is to the steps that both share.
// Must not hold what a machine of this computer has as well; form.ts does.
import type { CreateForm } from '../form.ts';
import { isIsoName } from '../traits.ts';

/** A container image copied to a disk or used as it is, an address, a disk that is there, the network, nothing. */
export const clusterSources = ['registry', 'url', 'container', 'claim', 'network', 'empty'] as const;
export type ClusterSource = (typeof clusterSources)[number];

export interface ClusterChoice {
  readonly source: ClusterSource;
  /** An image of a registry, or a URL. */
  readonly address: string;
  /** Blank: the cluster's default. */
  readonly storageClass: string;
  /** `VirtualMachineClusterInstancetype/u1.small`; blank: none. */
  readonly instancetype: string;
  readonly preference: string;
}

/** The first of the sources: what it fetches stays, and every cluster with storage has it. */
export const firstChoice: ClusterChoice = { source: 'registry', address: '', storageClass: '', instancetype: '', preference: '' };

/** Nobody here knows how large an ISO elsewhere is, and CDI wants to be told; those of the large distributions fit. */
const installerBytes = 8 * 1024 ** 3;

/** What the other steps go by: an image of unknown content, which may read cloud-init, or an installer beside an empty disk. */
export function systemOf({ source, address }: Pick<ClusterChoice, 'source' | 'address'>): Partial<CreateForm['system']> {
  switch (source) {
    case 'claim':
    case 'network':
    case 'empty':
      return { source };
    case 'registry':
    case 'container':
      return { source: 'file', path: address, inspection: image(address, 'raw', 0) };
    case 'url': {
      const path = address.replace(/[?#].*$/, '');
      return { source: 'file', path, inspection: isIsoName(path) ? image(path, 'iso', installerBytes) : image(path, 'raw', 0) };
    }
  }
}

function image(path: string, format: 'iso' | 'raw', bytes: number): NonNullable<CreateForm['system']['inspection']> {
  return { path, format, virtualSizeBytes: bytes, actualSizeBytes: bytes, causes: [] };
}

/** Of `VirtualMachineClusterInstancetype/u1.small`. */
export function matcherOf(chosen: string): { readonly kind: string; readonly name: string } | undefined {
  const slash = chosen.indexOf('/');
  return slash < 0 ? undefined : { kind: chosen.slice(0, slash), name: chosen.slice(slash + 1) };
}
