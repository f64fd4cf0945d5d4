// Owns how this computer is parted by the settings as they are now.
// Must not decide how; core/placement/domains.ts does.
import { resources } from '../api/resources.ts';
import type { HostFacts } from '../core/facts.ts';
import { type Partition, partitionOf } from '../core/placement/domains.ts';
import type { EngineContext } from './context.ts';
import { read } from './typed.ts';

export function partitionNow({ store }: Pick<EngineContext, 'store'>, { topology, hostname }: HostFacts): Partition {
  const settings = read(store, { resource: resources.settings, name: 'default' });
  return partitionOf(topology, hostname, settings?.spec.placement);
}
