// Owns setting the firmware of a machine back to how it came: its UEFI variables are made anew at the next start.
// Must not touch the TPM: what it sealed would be lost for good.
import type { FirmwareReset } from '../api/computer.ts';
import { AppError } from '../api/errors.ts';
import { isFinal, phaseOf } from '../api/lifecycle.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { savedStateOf } from '../core/snapshots/saved-state.ts';
import type { EngineContext } from './context.ts';
import { notFound } from './removal.ts';
import { read } from './typed.ts';

/** Throws NotFound, and Conflict while there is a run: its QEMU holds the variables open. */
export async function resetFirmware(context: EngineContext, key: ObjectKey, { dryRun = false } = {}): Promise<FirmwareReset> {
  const { store, host, events } = context;
  const vm = read(store, { ...key, resource: resources.virtualMachines });
  if (vm === undefined) throw notFound({ ...key, resource: resources.virtualMachines });
  const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi !== undefined && !isFinal(phaseOf(vmi))) {
    const message = 'The firmware can be reset while the machine is stopped.';
    throw new AppError('Conflict', `Operation cannot be fulfilled on virtualmachine.kubevirt.io "${key.name}": ${message}`, {
      causes: [{ reason: 'LifecycleConflict', field: '', message, fix: 'Stop the machine first.' }],
    });
  }
  if (savedStateOf(vm) !== undefined) {
    const message = 'The machine is suspended to disk: its memory knows the firmware as it is.';
    throw new AppError('Conflict', `Operation cannot be fulfilled on virtualmachine.kubevirt.io "${key.name}": ${message}`, {
      causes: [{ reason: 'LifecycleConflict', field: '', message, fix: 'Start and stop it, or discard its saved state first.' }],
    });
  }
  if (dryRun) return { backups: [] };
  const backups = await host.machines.setNvramAside(vm.metadata.uid);
  events.record(vm, {
    type: 'Normal',
    reason: 'FirmwareReset',
    message: backups.length === 0 ? 'The firmware had nothing to reset.' : `The UEFI variables were reset. Kept: ${backups.join(', ')}.`,
  });
  return { backups };
}
