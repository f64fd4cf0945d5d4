// Owns reading the stored objects into what the wizard must know of them.
// Must not ask for them.
import { annotations } from '../../../electron/api/annotations.ts';
import type { ComputerReport } from '../../../electron/api/computer.ts';
import type { NetworkAttachmentDefinition } from '../../../electron/api/kinds/network-attachment-definition.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { KubeObject } from '../../../electron/api/object.ts';
import { mebibytesOf } from '../../../electron/api/quantity.ts';
import { type OfferMap, noOffers } from '../../ui/device-groups.ts';
import { isFunctionNetwork } from '../../ui/network-plugin.ts';
import type { World } from './suggestions.ts';

export interface Stored {
  readonly namespace: string;
  readonly machines: readonly VirtualMachine[];
  readonly instances: readonly VirtualMachineInstance[];
  readonly volumes: readonly KubeObject[];
  readonly claims: readonly KubeObject[];
  readonly secrets: readonly KubeObject[];
  readonly networks?: readonly NetworkAttachmentDefinition[];
  readonly computer: ComputerReport | undefined;
  readonly devices?: OfferMap | undefined;
}

const runs: ReadonlySet<string> = new Set(['Pending', 'Scheduling', 'Scheduled', 'Running']);

/** Names count within the project; ports and memory are those of the whole computer. */
export function worldOf({
  namespace,
  machines,
  instances,
  volumes,
  claims,
  secrets,
  networks = [],
  computer,
  devices = noOffers,
}: Stored): World {
  const names = (objects: readonly KubeObject[]): string[] =>
    objects.filter(({ metadata }) => metadata.namespace === namespace).map(({ metadata }) => metadata.name);
  const nameHere = ({ metadata }: KubeObject): string =>
    metadata.namespace === namespace ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  return {
    namespace,
    machineNames: new Set(names(machines)),
    diskNames: new Set([...names(volumes), ...names(claims)]),
    secretNames: new Set(names(secrets)),
    forwardedPorts: new Set(machines.flatMap(forwardedPortsOf)),
    networkNames: networks.map(nameHere).toSorted(),
    functionNetworks: new Set(networks.filter(isFunctionNetwork).map(nameHere)),
    promisedMiB: instances.filter(({ status }) => runs.has(status?.phase ?? '')).reduce((sum, instance) => sum + guestMiB(instance), 0),
    devices,
    ...(computer === undefined ? {} : { computer, user: computer.user }),
  };
}

function guestMiB({ spec }: VirtualMachineInstance): number {
  const requests = spec.domain.resources?.requests as { readonly memory?: string | number } | undefined;
  return mebibytesOf(spec.domain.memory?.guest ?? requests?.memory) ?? 0;
}

function forwardedPortsOf({ metadata, spec }: VirtualMachine): number[] {
  const inTemplate: { readonly annotations?: Readonly<Record<string, string>> } | undefined = spec.template.metadata;
  const text = metadata.annotations?.[annotations.portForwards] ?? inTemplate?.annotations?.[annotations.portForwards];
  if (text === undefined) return [];
  try {
    const rows: unknown = JSON.parse(text);
    if (!Array.isArray(rows)) return [];
    return rows.map((row: { readonly host?: unknown } | null) => row?.host).filter((host) => typeof host === 'number');
  } catch {
    // Written by hand and wrong: the start check says so where it matters.
    return [];
  }
}
