// Owns how the processors of an instance type are laid out as sockets, cores and threads (KubeVirt v1.9.0, pkg/instancetype/apply/cpu.go).
// Must not change anything else of a machine.
import type { Cause } from '../../api/errors.ts';
import type { PreferenceSpec } from '../../api/kinds/preference.ts';
import { invalid } from '../validate/rule.ts';
import type { Choice } from './choice.ts';

export type PreferredTopology = 'sockets' | 'cores' | 'threads' | 'spread' | 'any';

/** The names of v1beta1's first year are still read. */
const topologies: ReadonlyMap<string, PreferredTopology> = new Map([
  ['sockets', 'sockets'],
  ['cores', 'cores'],
  ['threads', 'threads'],
  ['spread', 'spread'],
  ['any', 'any'],
  ['preferSockets', 'sockets'],
  ['preferCores', 'cores'],
  ['preferThreads', 'threads'],
  ['preferSpread', 'spread'],
  ['preferAny', 'any'],
]);

export const spreads = ['SocketsCores', 'CoresThreads', 'SocketsCoresThreads'] as const;
export type Spread = (typeof spreads)[number];

/** More threads than two on a core are no computer that a guest would know. */
const threadsPerCore = 2;
const defaultRatio = 2;

/** Undefined for a word that is none. Sockets unless said otherwise. */
export function preferredTopology(preference: PreferenceSpec | undefined): PreferredTopology | undefined {
  return topologies.get(preference?.cpu?.preferredCPUTopology ?? 'sockets');
}

export interface SpreadOptions {
  readonly ratio: number;
  /** A word, not yet known to be one of `spreads`. */
  readonly across: string;
}

export function spreadOptions(preference: PreferenceSpec | undefined): SpreadOptions {
  const { ratio, across } = preference?.cpu?.spreadOptions ?? {};
  // KubeVirt reads 0 as absent.
  const older = preference?.preferSpreadSocketToCoreRatio ?? 0;
  return { ratio: ratio ?? (older === 0 ? defaultRatio : older), across: across ?? 'SocketsCores' };
}

export interface Topology {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

const one: Topology = { sockets: 1, cores: 1, threads: 1 };

/** Counts that `spreadCauses` let through. */
export function topologyOf(vcpus: number, preference: PreferenceSpec | undefined): Topology {
  if (vcpus === 1) return one;
  switch (preferredTopology(preference)) {
    case 'cores':
      return { ...one, cores: vcpus };
    case 'threads':
      return { ...one, threads: vcpus };
    case 'spread':
      return spread(vcpus, spreadOptions(preference));
    case 'sockets':
    case 'any':
    case undefined:
      return { ...one, sockets: vcpus };
  }
}

function spread(vcpus: number, { ratio, across }: SpreadOptions): Topology {
  switch (across) {
    case 'CoresThreads':
      return { sockets: 1, cores: vcpus / ratio, threads: ratio };
    case 'SocketsCoresThreads':
      return { sockets: vcpus / threadsPerCore / ratio, cores: ratio, threads: threadsPerCore };
    default:
      return { sockets: vcpus / ratio, cores: ratio, threads: 1 };
  }
}

/** Processors that cannot be spread as the preference asks. */
export function spreadCauses({ instancetype, preference }: Choice): readonly Cause[] {
  if (instancetype === undefined || preferredTopology(preference) !== 'spread') return [];
  const vcpus = instancetype.cpu.guest;
  const { ratio, across } = spreadOptions(preference);
  const ratioText = `Spec.PreferSpreadSocketToCoreRatio or Spec.CPU.PreferSpreadOptions.Ratio of ${ratio}`;
  const refused = (why: string): readonly Cause[] => [
    invalid(
      'instancetype.spec.cpu.guest',
      `${vcpus} vCPUs provided by the instance type are not divisible by ${why}`,
      'Choose another instance type, or a preference with another topology.',
    ),
  ];
  if (across === 'CoresThreads') return vcpus % ratio === 0 ? [] : refused(`the number of threads per core ${ratio}`);
  if (across === 'SocketsCoresThreads') {
    if (vcpus % threadsPerCore === 0 && (vcpus / threadsPerCore) % ratio === 0) return [];
    return refused(`the number of threads per core ${threadsPerCore} and ${ratioText}`);
  }
  return vcpus % ratio === 0 ? [] : refused(`the ${ratioText} provided by the preference`);
}
