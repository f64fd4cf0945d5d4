// Owns trials: which groups have to be asked for together, every reason why not, and what is under way.
// Must not bind anything; the engine asks the privileged program, which judges everything again.
import { trialSeconds, type DeviceTrial, type NewDeviceTrial } from '../../api/device-trials.ts';
import type { Cause } from '../../api/errors.ts';
import type { DeviceGroup, HostDeviceFacts, HostUse, PciAddress, PciDevice } from '../../api/host-devices.ts';
import { timestamp } from '../status/conditions.ts';
import { deviceGroups, groupOf, isBridge, movedTogether } from './groups.ts';
import { readiness } from './readiness.ts';

/** What was bound at run time, as the privileged program remembers it until a restart. */
export interface RuntimeBindings {
  readonly trials: readonly TrialFact[];
  /** Devices whose driver of before is known. */
  readonly bound: readonly PciAddress[];
  /** One of each group that was left between its drivers, or whose trial is over, and nobody is at it any more. */
  readonly interrupted: readonly PciAddress[];
}

export interface TrialFact {
  readonly address: PciAddress;
  readonly untilMs: number;
  /** Its time is over, and drivers are being given back. */
  readonly ending: boolean;
}

export const noBindings: RuntimeBindings = { trials: [], bound: [], interrupted: [] };

export interface TrialPlan {
  /** One address for each IOMMU group that has to be asked for, the wanted device's first. */
  readonly asked: readonly PciAddress[];
  readonly causes: readonly Cause[];
}

export function trialPlan(facts: HostDeviceFacts, { address, seconds }: NewDeviceTrial, bindings: RuntimeBindings): TrialPlan {
  const causes = [...secondsCauses(seconds), ...deviceCauses(facts, address, bindings)];
  return { asked: causes.length > 0 ? [] : askedTogether(facts, address), causes };
}

/** One address for each IOMMU group that moves with the device, its own first. */
export function askedTogether({ pci }: Pick<HostDeviceFacts, 'pci'>, address: PciAddress): readonly PciAddress[] {
  const group = groupOf(deviceGroups({ pci }), address);
  if (group === undefined) return [];
  const numberOf = (one: PciAddress): string | undefined => pci.find((device) => device.address === one)?.iommuGroup;
  const ordered = [address, ...movedTogether(group).filter((one) => one !== address)];
  return ordered.filter((one, index) => ordered.findIndex((other) => numberOf(other) === numberOf(one)) === index);
}

/** Trials, and what was kept, each with everything that moved with it. */
export function trialsOf(facts: Pick<HostDeviceFacts, 'pci'>, bindings: RuntimeBindings, now: number): readonly DeviceTrial[] {
  const groups = deviceGroups(facts);
  const sets = new Map<string, readonly PciAddress[]>();
  for (const address of [...bindings.trials.map((trial) => trial.address), ...bindings.bound, ...bindings.interrupted]) {
    const group = groupOf(groups, address);
    const addresses = group === undefined ? [address] : movedTogether(group);
    sets.set(addresses.join(' '), addresses);
  }
  return [...sets.values()].map((addresses) => trialOf(addresses, bindings, now)).toSorted((a, b) => a.address.localeCompare(b.address));
}

function trialOf(addresses: readonly PciAddress[], { trials, interrupted }: RuntimeBindings, now: number): DeviceTrial {
  const [address = ''] = addresses;
  if (interrupted.some((one) => addresses.includes(one))) return { address, addresses, state: 'interrupted' };
  const here = trials.filter((trial) => addresses.includes(trial.address));
  if (here.length === 0) return { address, addresses, state: 'kept' };
  if (here.some(({ ending }) => ending)) return { address, addresses, state: 'ending' };
  const untilMs = Math.min(...here.map((trial) => trial.untilMs));
  return {
    address,
    addresses,
    state: 'trying',
    until: timestamp(untilMs),
    secondsLeft: Math.max(0, Math.ceil((untilMs - now) / 1000)),
  };
}

// ---------------------------------------------------------------- why not

function secondsCauses(seconds: number): readonly Cause[] {
  const { least, most } = trialSeconds;
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return [];
  return [
    {
      reason: 'FieldValueInvalid',
      field: 'seconds',
      message: `A trial takes whole seconds, ${least} to ${most}.`,
      fix: `Write for example ${trialSeconds.usual}.`,
    },
  ];
}

function deviceCauses(facts: HostDeviceFacts, address: PciAddress, { trials, interrupted }: RuntimeBindings): readonly Cause[] {
  const device = facts.pci.find((one) => one.address === address);
  if (device === undefined) {
    return [cause('FieldValueNotFound', `This computer has no PCI device ${address}.`, 'See: virtdeck devices')];
  }
  if (isBridge(device)) return [cause('IsBridge', `${address} is a bridge, which stays with this computer.`, 'Choose a device behind it.')];
  const group = groupOf(deviceGroups(facts), address);
  if (group === undefined) return [];
  const moved = movedTogether(group);
  if (interrupted.some((one) => moved.includes(one))) {
    const message = `A change of drivers of ${address} was interrupted.`;
    return [cause('Interrupted', message, `Finish it: virtdeck devices revert ${address}`)];
  }
  if (trials.some((trial) => moved.includes(trial.address))) {
    return [cause('TrialUnderWay', `A trial of ${address} is under way.`, `Keep it or revert it: virtdeck devices revert ${address}`)];
  }
  const devices = facts.pci.filter((one) => moved.includes(one.address));
  return [...computerCauses(facts, devices), ...verdictCauses(group), ...driverCauses(devices)];
}

/** Without an IOMMU, VFIO refuses a device that has lost its driver by then. */
function computerCauses(facts: HostDeviceFacts, devices: readonly PciDevice[]): readonly Cause[] {
  const wanted = ['kernel', ...(devices.some(({ iommuGroup }) => iommuGroup === undefined) ? ['firmware', 'iommu'] : [])];
  const missing = readiness(facts).filter(({ id, state }) => state === 'error' && wanted.includes(id));
  const causes = missing.map(({ id, message, fix }) => cause(id === 'kernel' ? 'NoVfio' : 'NoIommu', message, fix));
  if (causes.length > 0 || devices.every(({ iommuGroup }) => iommuGroup !== undefined)) return causes;
  const [alone] = devices.filter(({ iommuGroup }) => iommuGroup === undefined);
  // Intel's and AMD's group all devices at once; others, a paravirtual one and those of ARM, each as a driver takes it.
  if (alone !== undefined && alone.driver === undefined && facts.iommu.firmwareTable === undefined) {
    const message = `The device ${alone.address} has no IOMMU group yet: this computer's IOMMU gives one when a driver takes the device.`;
    return [cause('NoIommu', message, 'Let a driver take it first: its own, or pci-stub.')];
  }
  return [cause('NoIommu', `The device ${alone?.address ?? ''} has no IOMMU group: no IOMMU is in front of it.`, 'Choose another device.')];
}

const useWords: Readonly<Record<HostUse['kind'], string>> = {
  screen: 'a screen of this computer',
  disk: 'a disk that this computer uses',
  network: "this computer's way to the network",
  audio: 'sound of this computer',
};

function verdictCauses({ verdict }: DeviceGroup): readonly Cause[] {
  if (verdict.kind !== 'wouldTakeHost') return [];
  return verdict.uses.map(({ address, kind, detail }) =>
    cause(
      'HostUses',
      `${address} is ${useWords[kind]} (${detail}).`,
      'Let this computer use another device for it first, or choose another device.',
    ),
  );
}

function driverCauses(devices: readonly PciDevice[]): readonly Cause[] {
  const foreign = devices.find(({ driver, driverOverride }) => driverOverride !== undefined && driver !== vfioDriver);
  if (foreign !== undefined) {
    return [
      cause(
        'Busy',
        `Somebody has set that ${foreign.driverOverride} alone drives ${foreign.address}.`,
        'Undo that where it was set; Virtdeck leaves it alone.',
      ),
    ];
  }
  if (devices.every(({ driver }) => driver === vfioDriver)) {
    return [cause('AlreadyBound', 'VFIO has all of it already.', 'Allow it to machines: no trial is needed.')];
  }
  return [];
}

export const vfioDriver = 'vfio-pci';

function cause(reason: string, message: string, fix?: string): Cause {
  return { reason, field: 'address', message, ...(fix === undefined ? {} : { fix }) };
}
