// Owns the QEMU process itself: its name, identity, sandbox, monitor and what it may never do by itself.
// Must not describe hardware.
import type { Cause } from '../../../api/errors.ts';
import { startsBridgeHelper } from './network-bridge.ts';
import { keyedOption, socketChardev } from '../args.ts';
import { machineUuid } from '../identity.ts';
import type { Family } from '../fragment.ts';
import { maxSocketPathBytes, runtimePaths } from '../runtime-paths.ts';

export const processFamily: Family = (vmi, facts) => {
  const paths = runtimePaths(facts);
  const longest = paths.serialSocket;
  const helper = startsBridgeHelper(vmi, facts);
  const mayStart = helper ? 'allow' : 'deny';
  const name = `${vmi.metadata.namespace ?? 'default'}/${vmi.metadata.name}`;
  return {
    args: [
      keyedOption(
        '-name',
        { pairs: { guest: name, 'debug-threads': true } },
        { field: 'metadata.name', reason: 'Threads carry their role in their name: they are found for pinning.' },
      ),
      { flag: '-nodefaults', reason: "QEMU's own NIC, VGA and CD-ROM would appear beside ours." },
      { flag: '-no-user-config', reason: 'The same machine whatever lies in the configuration files of this computer.' },
      { flag: '-S', reason: 'Paused until everything is checked and connected; started over QMP.' },
      keyedOption(
        '-sandbox',
        { head: 'on', pairs: { obsolete: 'deny', elevateprivileges: mayStart, spawn: mayStart, resourcecontrol: 'deny' } },
        {
          reason: helper
            ? 'QEMU has to start qemu-bridge-helper, so it may start programs; as root, or with the privileged program, it need not.'
            : 'A guest that breaks out of the device emulation finds neither programs to run nor privileges to gain.',
        },
      ),
      keyedOption('-uuid', { head: machineUuid(vmi) }, { field: 'spec.domain.firmware.uuid' }),
      // QEMU removes it on a clean exit and only then: that is how an exit that nobody watched is read.
      { flag: '-pidfile', value: paths.pidFile, reason: 'Gone after a clean exit, left behind by a crash.' },
      socketChardev('qmp', paths.qmpSocket),
      keyedOption(
        '-mon',
        { pairs: { chardev: 'qmp', mode: 'control' } },
        { reason: 'The monitor: a file in a private folder, never a port.' },
      ),
    ],
    sockets: { qmp: paths.qmpSocket },
    causes: [
      ...(isUuid(machineUuid(vmi)) ? [] : [notUuid(machineUuid(vmi))]),
      ...(byteLength(longest) > maxSocketPathBytes ? [tooLong(longest)] : []),
    ],
  };
};

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function notUuid(text: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: 'spec.domain.firmware.uuid',
    message: `${text} is no UUID.`,
    fix: 'Write it as 8-4-4-4-12 hexadecimal digits, or leave it out.',
  };
}

function tooLong(path: string): Cause {
  return {
    reason: 'PathTooLong',
    field: 'metadata.uid',
    message: `The socket path ${path} has ${byteLength(path)} bytes; the kernel takes ${maxSocketPathBytes}.`,
    fix: 'Choose a shorter run directory (VIRTDECK_RUN or --run).',
  };
}

/** In UTF-8, which is what the kernel counts. */
function byteLength(text: string): number {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/%../g, '.').length;
}
