// Owns trials of devices: asked of the privileged program group by group, told of to whoever watches.
// Must not judge what may be tried; core/devices/trials.ts does.
import type { DeviceTrial, DeviceTrialList, NewDeviceTrial } from '../api/device-trials.ts';
import { AppError } from '../api/errors.ts';
import type { PciAddress } from '../api/host-devices.ts';
import { askedTogether, type RuntimeBindings, trialPlan, trialsOf } from '../core/devices/trials.ts';
import { heldBy } from '../core/devices/assignment.ts';
import type { EngineContext } from './context.ts';
import { computerKey } from './controllers/node.ts';
import { placedMachines } from './placed-machines.ts';
import { newsOf, type Watched, whileWatched } from './while-watched.ts';

export interface DeviceTrials extends Watched<DeviceTrialList> {
  list(): Promise<DeviceTrialList>;
  /** Throws Invalid with every cause, Forbidden when no administrator agreed, ToolFailed with the program's reason. */
  begin(trial: NewDeviceTrial): Promise<DeviceTrial>;
  /** The devices stay with VFIO until the computer restarts. Throws NotFound when it has ended. */
  keep(address: PciAddress): Promise<DeviceTrial>;
  /** Of a trial, or of what was kept. Throws NotFound, and Conflict while a machine has one of the devices. */
  revert(address: PciAddress): Promise<void>;
}

const everyMs = 1_000;

export function createDeviceTrials(
  context: Pick<EngineContext, 'host' | 'clock' | 'log' | 'wake' | 'store' | 'interrupted'>,
): DeviceTrials {
  const { host, clock } = context;
  const itemsOf = async (bindings: RuntimeBindings): Promise<readonly DeviceTrial[]> =>
    trialsOf(await host.devices.facts(), bindings, clock.now());
  const items = async (): Promise<readonly DeviceTrial[]> => itemsOf(await context.interrupted.finish());
  const found = async (address: PciAddress): Promise<DeviceTrial> => {
    const trial = (await itemsOf(await host.devices.bindings())).find(({ addresses }) => addresses.includes(address));
    if (trial === undefined) throw new AppError('NotFound', `There is no trial of ${address}; it may have ended.`);
    return trial;
  };
  const looks = whileWatched(context, {
    everyMs,
    failed: 'Trials of devices could not be read',
    look: async () => {
      const now = { items: await items() };
      return { now, text: JSON.stringify(now) };
    },
    tellsAtOnce: true,
  });
  return {
    list: async () => ({ items: await items() }),
    async begin(trial) {
      const bindings = await context.interrupted.finish();
      const facts = await host.devices.facts();
      const { asked, causes } = trialPlan(facts, trial, bindings);
      const [first] = causes;
      if (first !== undefined) throw new AppError('Invalid', `${trial.address} cannot be tried: ${first.message}`, { causes });
      const taken: PciAddress[] = [];
      try {
        for (const address of asked) {
          await host.devices.bind({ address, seconds: trial.seconds });
          taken.push(address);
        }
      } catch (error) {
        // Half a card is of no use to anybody.
        for (const address of taken.toReversed()) await host.devices.unbind(address);
        throw error;
      } finally {
        context.wake(computerKey);
      }
      return found(trial.address);
    },
    async keep(address) {
      const { addresses, state } = await found(address);
      if (state !== 'trying') throw new AppError('NotFound', `There is no trial of ${address}; it was kept, or has ended.`);
      const { trials } = await host.devices.bindings();
      for (const trial of trials.filter((one) => addresses.includes(one.address))) await host.devices.keep(trial.address);
      return found(address);
    },
    async revert(address) {
      const { addresses } = await found(address);
      refuseWhileHeld(context, addresses);
      const [facts, { bound, trials, interrupted }] = await Promise.all([host.devices.facts(), host.devices.bindings()]);
      // Who was to end a trial may have been killed at its last step: nothing is bound, and its file is left.
      const standing = [...bound, ...trials.map((trial) => trial.address), ...interrupted];
      const numberOf = (one: PciAddress): string | undefined => facts.pci.find((device) => device.address === one)?.iommuGroup;
      const ours = askedTogether(facts, address).filter((one) =>
        standing.some((other) => addresses.includes(other) && numberOf(other) === numberOf(one)),
      );
      try {
        for (const one of ours) await host.devices.unbind(one);
      } finally {
        context.wake(computerKey);
      }
    },
    ...newsOf(looks),
  };
}

/** The kernel would wait for the machine's end; before a password is asked for, who it is. */
function refuseWhileHeld({ store }: Pick<EngineContext, 'store'>, addresses: readonly PciAddress[]): void {
  for (const vmi of placedMachines(store)) {
    const held = heldBy(vmi).find((device) => addresses.includes(device));
    if (held === undefined) continue;
    const { namespace = 'default', name } = vmi.metadata;
    const message = `${held} is in use by the machine ${namespace}/${name}.`;
    const cause = { reason: 'HostDeviceInUse', field: 'address', message, fix: 'Stop the machine first.' };
    throw new AppError('Conflict', `${held} cannot be given back: ${message}`, {
      causes: [{ ...cause, actions: [{ type: 'StopMachine', namespace, name }] }],
    });
  }
}
