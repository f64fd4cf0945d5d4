// Owns the watchdog timer and the panic notifier: how a guest that hangs is noticed.
// Must not act on the event; the engine does.
import type { Cause } from '../../../api/errors.ts';
import { watchdogFieldActions } from '../../../api/failure-actions.ts';
import { jsonOption, keyedOption } from '../args.ts';
import { failureActions, qemuPanicAction } from '../failure-actions.ts';
import type { Family } from '../fragment.ts';
import { onRootComplex } from '../pci.ts';

export const watchdogFamily: Family = (vmi) => {
  const { watchdog } = vmi.spec.domain.devices;
  if (watchdog === undefined) return {};
  const field = 'spec.domain.devices.watchdog';
  if (watchdog.i6300esb === undefined) return { causes: [notI6300esb(field)] };
  const { watchdog: action } = failureActions(vmi);
  if (action === undefined) return { causes: [unknownAction(watchdog.i6300esb.action ?? '', field)] };
  return {
    args: [
      jsonOption('-device', { driver: 'i6300esb', id: `watchdog-${watchdog.name}`, ...onRootComplex('watchdog') }, { field }),
      keyedOption('-action', { pairs: { watchdog: action } }, { field: `${field}.i6300esb.action` }),
      // q35 has the ICH9's timer as well; its pin strap says "never reset" by default before QEMU 8, and Linux may find it first.
      keyedOption(
        '-global',
        { pairs: { driver: 'ICH9-LPC', property: 'noreboot', value: false } },
        { field, reason: "The guest's /dev/watchdog may be the chipset's own timer: it then does the same." },
      ),
    ],
  };
};

export const panicFamily: Family = (vmi) => {
  const [first] = vmi.spec.domain.devices.panicDevices ?? [];
  const { panic } = failureActions(vmi);
  if (first === undefined) return {};
  const field = 'spec.domain.devices.panicDevices[0]';
  return {
    args: [
      jsonOption('-device', { driver: 'pvpanic-pci', id: 'panic0', ...onRootComplex('panic') }, { field }),
      keyedOption(
        '-action',
        { pairs: { panic: qemuPanicAction(panic ?? 'poweroff') } },
        { field, reason: 'A guest that panics is stopped first, so that its screen can be kept; then it is ended, reset or left.' },
      ),
    ],
  };
};

function notI6300esb(field: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: 'amd64 only supports I6300ESB watchdog device',
    fix: `Set ${field}.i6300esb.`,
  };
}

function unknownAction(action: string, field: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: `${field}.i6300esb.action`,
    message: `There is no watchdog action ${action}.`,
    fix: `Use ${watchdogFieldActions.join(', ')}.`,
  };
}
