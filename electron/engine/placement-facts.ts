// Owns gathering what the scheduler looks at: nodes as they are now, who is on them, who holds which cores.
// Must not place anything.
import type { Node } from '../api/kinds/node.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { resources } from '../api/resources.ts';
import type { HostFacts } from '../core/facts.ts';
import { cpusOf } from '../core/placement/cores.ts';
import type { PlacementFacts } from '../core/placement/place-machine.ts';
import { ownCpusOf, worldOf } from '../core/placement/world-of-objects.ts';
import { nodeOfDomain } from '../core/status/node-of-domain.ts';
import { grantCounts } from '../core/devices/permitted.ts';
import { deviceFacts } from './device-facts.ts';
import type { EngineContext } from './context.ts';
import { partitionNow } from './partition-now.ts';
import { read, readAll } from './typed.ts';

type Reader = Pick<EngineContext, 'store'>;

export interface Others {
  /** Machines that have their place, without the one that wants one. */
  readonly others: readonly VirtualMachineInstance[];
  readonly host: HostFacts;
}

export function placementFacts(context: Reader & Pick<EngineContext, 'clock'>, { others, host }: Others): PlacementFacts {
  const { domains } = partitionNow(context, host);
  const devices = deviceFacts(context, { domains, others, host });
  const charging = { accelerator: host.accelerator.inUse, networkResources: devices.networkResources };
  // Labels and taints are the user's, amounts are this computer's as it is now.
  const nodes = domains.map((domain): Node => {
    const old = read(context.store, { resource: resources.nodes, name: domain.name });
    const parts = { domain, facts: host, now: context.clock.now(), devices: grantCounts(devices.resources, domain.name) };
    return nodeOfDomain({ ...parts, ...(old === undefined ? {} : { old }) });
  });
  return {
    world: worldOf({ nodes, domains, machines: others, namespaces: readAll(context.store, resources.namespaces), ...charging }),
    domains,
    held: heldCpus(others),
    devices,
  };
}

/** `namespace/name` → processors that the machine has for itself. */
export function heldCpus(machines: readonly VirtualMachineInstance[]): ReadonlyMap<string, readonly number[]> {
  return new Map(
    machines.flatMap((vmi) => {
      const own = ownCpusOf(vmi);
      return own === undefined ? [] : [[`${vmi.metadata.namespace ?? 'default'}/${vmi.metadata.name}`, cpusOf(own)] as const];
    }),
  );
}
