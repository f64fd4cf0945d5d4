// Owns what a run's status says of devices of this computer that are to come or to go and have not: HostDevicesChange.
// Must not decide which; device-plug.ts and the engine do.
import type { VirtualMachineInstance, VirtualMachineInstanceStatus } from '../../api/kinds/virtual-machine-instance.ts';
import { hostDevicesChange, withConditions } from './phase-changes.ts';
import type { VmiFact } from './vmi-fact.ts';

type Status = VirtualMachineInstanceStatus;

export interface OpenDevice {
  readonly name: string;
  /** `RestartRequired`: it waits for the machine's next start. */
  readonly reason: 'RestartRequired' | 'DeviceNotReleased' | 'DeviceNotPlugged';
  /** One a line: a reader that knows other languages looks each up. */
  readonly sentences: readonly string[];
}

// What a restart is needed for it also puts right.
const order: readonly OpenDevice['reason'][] = ['RestartRequired', 'DeviceNotReleased', 'DeviceNotPlugged'];

export function withOpenDevices(old: Status, { open }: Extract<VmiFact, { readonly type: 'HostDevices' }>, now: number): Status {
  const reason = order.find((one) => open.some((device) => device.reason === one));
  if (reason === undefined) return withConditions(old, { cleared: [hostDevicesChange] }, now);
  const message = open.flatMap((device) => device.sentences).join('\n');
  return withConditions(old, { set: [{ type: hostDevicesChange, status: 'True', reason, message }] }, now);
}

/** Whether it is looked at again as soon as a device is free. */
export function waitsForDevices({ status }: Pick<VirtualMachineInstance, 'status'>): boolean {
  return status?.conditions?.some(({ type }) => type === hostDevicesChange) === true;
}

/** Why a machine whose definition its run has must be restarted all the same. */
export function devicesAtRestart({ status }: Pick<VirtualMachineInstance, 'status'>): string | undefined {
  return status?.conditions?.find(({ type, reason }) => type === hostDevicesChange && reason === 'RestartRequired')?.message;
}
