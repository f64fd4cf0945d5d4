// Owns the watchdog timer and the panic notifier: how a guest that hangs is noticed.
// Must not act on the event; the engine does.
import type { Cause } from '../../../api/errors.ts';
import { jsonOption, keyedOption } from '../args.ts';
import type { Family } from '../fragment.ts';
import { onRootComplex } from '../pci.ts';

const actions = ['poweroff', 'reset', 'shutdown'] as const;

export const watchdogFamily: Family = ({ spec }) => {
  const { watchdog } = spec.domain.devices;
  if (watchdog === undefined) return {};
  const field = 'spec.domain.devices.watchdog';
  if (watchdog.i6300esb === undefined) return { causes: [notI6300esb(field)] };
  const action = watchdog.i6300esb.action ?? 'reset';
  if (!actions.some((known) => known === action)) return { causes: [unknownAction(action, field)] };
  return {
    args: [
      jsonOption('-device', { driver: 'i6300esb', id: `watchdog-${watchdog.name}`, ...onRootComplex('watchdog') }, { field }),
      keyedOption('-action', { pairs: { watchdog: action } }, { field: `${field}.i6300esb.action` }),
    ],
  };
};

export const panicFamily: Family = ({ spec }) => {
  const { panicDevices = [] } = spec.domain.devices;
  const [first] = panicDevices;
  if (first === undefined) return {};
  const field = 'spec.domain.devices.panicDevices[0]';
  return { args: [jsonOption('-device', { driver: 'pvpanic-pci', id: 'panic0', ...onRootComplex('panic') }, { field })] };
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
    fix: `Use ${actions.join(', ')}.`,
  };
}
