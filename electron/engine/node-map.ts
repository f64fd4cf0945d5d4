// Owns telling how this computer is parted and who has what of it, as it is and as it would be with other settings.
// Must not change the settings.
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { isFinal, phaseOf } from '../api/lifecycle.ts';
import { settingsSpecSchema } from '../api/kinds/settings-schema.ts';
import type { PlacementSettings } from '../api/kinds/settings.ts';
import type { NodeMap } from '../api/node-map.ts';
import type { Json } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { type ChargeFacts, chargeOf } from '../core/placement/charge.ts';
import { partitionOf } from '../core/placement/domains.ts';
import { type MapMachine, nodeMap as mapOf } from '../core/placement/node-map.ts';
import { ownCpusOf } from '../core/placement/world-of-objects.ts';
import type { EngineContext } from './context.ts';
import { networkResources } from './device-facts.ts';
import { partitionNow } from './partition-now.ts';
import { readAll } from './typed.ts';

/** `placement` instead of what is set. Throws Invalid when it is no such setting at all; what cannot be done is a cause of the answer. */
export async function nodeMap(context: EngineContext, placement?: Json): Promise<NodeMap> {
  const host = await context.hostFacts();
  const { topology, hostname, accelerator } = host;
  const partition = placement === undefined ? partitionNow(context, host) : partitionOf(topology, hostname, decoded(placement));
  const charging = { accelerator: accelerator.inUse, networkResources: networkResources(context.store) };
  const machines = readAll(context.store, resources.virtualMachineInstances)
    .filter((vmi) => !isFinal(phaseOf(vmi)))
    .flatMap((vmi) => placed(vmi, charging));
  return mapOf({ topology, partition, machines });
}

function placed(vmi: VirtualMachineInstance, charging: ChargeFacts): readonly MapMachine[] {
  const { metadata, status } = vmi;
  if (status?.nodeName === undefined) return [];
  const own = ownCpusOf(vmi);
  return [
    {
      namespace: metadata.namespace ?? 'default',
      name: metadata.name,
      node: status.nodeName,
      requests: chargeOf(vmi, charging).requests,
      ...(own === undefined ? {} : { own }),
    },
  ];
}

function decoded(placement: Json): PlacementSettings {
  const parsed = settingsSpecSchema.shape.placement.safeParse(placement);
  if (parsed.success) return parsed.data ?? {};
  const causes = parsed.error.issues.map(({ path, message }) => ({
    reason: 'FieldValueInvalid',
    field: ['placement', ...path].join('.'),
    message,
  }));
  throw new AppError('Invalid', causes.map(({ field, message }) => `${field}: ${message}`).join('; '), { causes });
}
