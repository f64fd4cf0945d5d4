// Owns telling of this computer's bridges, and having them made and removed.
// Must not put machines on them; the launch plan does.
import { AppError } from '../api/errors.ts';
import { phaseOf } from '../api/lifecycle.ts';
import type { NetworkReport, NewBridge } from '../api/networks.ts';
import { resources } from '../api/resources.ts';
import { interfaceNameFault, tapPrefix } from '../core/network/interface-name.ts';
import type { EngineContext } from './context.ts';
import { keyOf } from './removal.ts';
import { readAll } from './typed.ts';

export async function networkReport({ host }: EngineContext): Promise<NetworkReport> {
  const { bridges, privilege } = await host.network.facts();
  return {
    privilege: privilege === 'root' ? 'root' : privilege === 'pkexec' ? 'password' : 'none',
    bridges: bridges.map(({ name, vlanFiltering, up, ownedByVirtdeck, ports }) => ({
      name,
      vlanFiltering,
      up,
      ownedByVirtdeck,
      uplinks: ports.filter((port) => !new RegExp(`^${tapPrefix}[0-9a-f]{12}$`).test(port)),
    })),
  };
}

/** Throws Invalid, AlreadyExists, Forbidden (no password was given) or ToolFailed. Runs that wait for the bridge start. */
export async function makeBridge(context: EngineContext, { name, vlanFiltering = false }: NewBridge): Promise<void> {
  const fault = interfaceNameFault(name);
  if (fault !== undefined || name === '') {
    const message = `${JSON.stringify(name)} is no name of a bridge: ${fault ?? 'it is empty.'}`;
    throw new AppError('Invalid', message, {
      causes: [{ reason: 'FieldValueInvalid', field: 'name', message, fix: 'Use for example br1.' }],
    });
  }
  const { bridges } = await context.host.network.facts();
  if (bridges.some((bridge) => bridge.name === name)) throw new AppError('AlreadyExists', `There is a bridge ${name} already.`);
  await context.host.network.ask({ verb: 'bridge-create', name, ...(vlanFiltering ? { vlanFiltering } : {}) });
  for (const vmi of readAll(context.store, resources.virtualMachineInstances)) {
    if (['Pending', 'Scheduling'].includes(phaseOf(vmi))) context.wake(keyOf(resources.virtualMachineInstances, vmi));
  }
}

/** Throws NotFound, Conflict while machines are on it, Forbidden for one that somebody else made. */
export async function removeBridge({ host }: EngineContext, name: string): Promise<void> {
  const bridge = (await host.network.facts()).bridges.find((one) => one.name === name);
  if (bridge === undefined) throw new AppError('NotFound', `There is no bridge ${name}.`);
  if (!bridge.ownedByVirtdeck) throw new AppError('Forbidden', `The bridge ${name} was not made by Virtdeck and stays.`);
  if (bridge.ports.length > 0) throw new AppError('Conflict', `The bridge ${name} is in use by ${bridge.ports.length} network interfaces.`);
  await host.network.ask({ verb: 'bridge-delete', name });
}
