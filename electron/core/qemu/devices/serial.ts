// Owns the serial console: a socket for whoever looks, and a log from power-on.
// Must not read either.
import { jsonOption, socketChardev } from '../args.ts';
import type { Family } from '../fragment.ts';
import { runtimePaths } from '../runtime-paths.ts';

export const serialFamily: Family = (vmi, facts) => {
  const { autoattachSerialConsole = true, logSerialConsole = true } = vmi.spec.domain.devices;
  if (!autoattachSerialConsole) return {};
  const { serialSocket, serialLog } = runtimePaths(facts);
  // The trap: a client that is connected and does not read stops the guest's write for good, with no sign of it in QMP. Whoever
  // connects to this socket must always drain it. Nobody connected is fine: the log is written all the same.
  return {
    args: [
      socketChardev('serial0', serialSocket, logSerialConsole ? { logfile: serialLog, logappend: true } : {}),
      jsonOption(
        '-device',
        { driver: 'isa-serial', id: 'console0', chardev: 'serial0' },
        { field: 'spec.domain.devices.autoattachSerialConsole' },
      ),
    ],
    sockets: { serial: serialSocket },
    ...(logSerialConsole ? { serialLog } : {}),
  };
};
