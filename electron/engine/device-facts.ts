// Owns gathering which devices of this computer machines may have, and who has which.
// Must not hand any out; the launch decision does.
import { resourceAnnotation } from '../api/annotations.ts';
import type { HyperConverged } from '../api/kinds/hyper-converged.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { noHostDevices } from '../api/host-devices.ts';
import { type DeviceFacts, heldBy } from '../core/devices/assignment.ts';
import type { NetworkResources } from '../core/devices/function-cards.ts';
import { interruptIsolation } from '../core/devices/interrupts.ts';
import { type DeviceResource, deviceResources } from '../core/devices/permitted.ts';
import type { HostFacts } from '../core/facts.ts';
import { networkKey } from '../core/network/network-key.ts';
import { resources } from '../api/resources.ts';
import type { PlacementDomain } from '../core/placement/domains.ts';
import { hyperConvergedKey } from './certificates.ts';
import type { EngineContext } from './context.ts';
import { partitionNow } from './partition-now.ts';
import { placedMachines } from './placed-machines.ts';
import type { StoreReader } from './ports.ts';
import { read, readAll } from './typed.ts';

type Reader = Pick<EngineContext, 'store'>;

export function permittedHostDevices({ store }: Reader): NonNullable<HyperConverged['spec']['permittedHostDevices']> {
  return read(store, hyperConvergedKey)?.spec.permittedHostDevices ?? {};
}

function isAnyPermitted(reader: Reader): boolean {
  return Object.values(permittedHostDevices(reader)).some((list) => list.length > 0);
}

export function offeredDevices(
  reader: Reader,
  { domains, host }: { readonly domains: readonly PlacementDomain[]; readonly host: HostFacts },
): readonly DeviceResource[] {
  return deviceResources({ permitted: permittedHostDevices(reader), facts: host.hostDevices ?? noHostDevices, domains });
}

interface Asked {
  readonly domains: readonly PlacementDomain[];
  /** Machines that have their place. */
  readonly others: readonly VirtualMachineInstance[];
  readonly host: HostFacts;
}

export function deviceFacts(reader: Reader, { domains, others, host }: Asked): DeviceFacts {
  return {
    resources: offeredDevices(reader, { domains, host }),
    held: holders(others),
    networkResources: networkResources(reader.store),
    ...(host.lockLimitBytes === undefined ? {} : { lockLimitBytes: host.lockLimitBytes }),
    hasUnsafeInterrupts: interruptIsolation((host.hostDevices ?? noHostDevices).iommu) === 'unsafe',
    mayRaiseLockLimit: host.network.privilege === 'root' || host.network.privilege === 'pkexec',
  };
}

export function networkResources(reader: StoreReader): NetworkResources {
  const named = readAll(reader, resources.networkAttachmentDefinitions).flatMap(({ metadata }) => {
    const resourceName = metadata.annotations?.[resourceAnnotation];
    return resourceName === undefined ? [] : [[networkKey(metadata.name, metadata.namespace), resourceName] as const];
  });
  return new Map(named);
}

function holders(machines: readonly VirtualMachineInstance[]): ReadonlyMap<string, string> {
  const rows = machines.flatMap((vmi) =>
    heldBy(vmi).map((device) => [device, `${vmi.metadata.namespace ?? 'default'}/${vmi.metadata.name}`] as const),
  );
  return new Map(rows);
}

/** Device → `namespace/name` of the machine that has it now. */
export function heldNow(reader: Reader): ReadonlyMap<string, string> {
  return holders(placedMachines(reader.store));
}

/** With who has which now; but for one machine, when it is the one that asks for more. */
export function offeredNow(reader: Reader, host: HostFacts, asking?: string): DeviceFacts {
  const { domains } = partitionNow(reader, host);
  return deviceFacts(reader, { domains, others: placedMachines(reader.store, asking), host });
}

/** Nothing is asked of the computer while no device is allowed. */
export async function passableDevices({
  store,
  host,
}: Pick<EngineContext, 'store' | 'host'>): Promise<Pick<HostFacts, 'hostDevices' | 'lockLimitBytes'>> {
  if (!isAnyPermitted({ store })) return {};
  const [hostDevices, lockLimitBytes] = await Promise.all([host.devices.facts(), host.devices.lockLimitBytes()]);
  return { hostDevices, ...(lockLimitBytes === undefined ? {} : { lockLimitBytes }) };
}
