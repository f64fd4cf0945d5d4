// Owns the proof that QEMU's last words become a cause with a field and a fix. Texts are as QEMU 7.2 printed them.
// Must not start QEMU.
import { expect, test } from 'vitest';
import type { Argument } from '../../../electron/core/qemu/launch-plan.ts';
import { earlyExitError } from '../../../electron/host/qemu/early-exit.ts';

const disk = { driver: 'file', filename: '/d/a.qcow2', 'node-name': 'a' };
const args: readonly Argument[] = [
  { flag: '-S' },
  { flag: '-blockdev', value: disk, field: 'spec.domain.devices.disks[0]' },
  { flag: '-netdev', value: 'user,id=n0', field: 'spec.networks[0]' },
];
const option = `-blockdev ${JSON.stringify(disk)}`;

test.each([
  [
    `qemu-system-x86_64: ${option}: Failed to get "write" lock\nIs another process using the image [/d/a.qcow2]?\n`,
    'DiskInUse',
    'spec.domain.devices.disks[0]',
    'The disk image /d/a.qcow2 is in use by another process.',
  ],
  [
    `qemu-system-x86_64: ${option}: Could not open '/d/a.qcow2': No such file or directory\n`,
    'FileMissing',
    'spec.domain.devices.disks[0]',
    'The file /d/a.qcow2 is not there.',
  ],
  [
    `qemu-system-x86_64: ${option}: Could not open '/d/a.qcow2': Permission denied\n`,
    'FileDenied',
    'spec.domain.devices.disks[0]',
    'This user may not open /d/a.qcow2.',
  ],
  [
    `qemu-system-x86_64: ${option}: Image is not in qcow2 format\n`,
    'DiskDamaged',
    'spec.domain.devices.disks[0]',
    'The disk image is not in the format qcow2.',
  ],
  [
    `qemu-system-x86_64: ${option}: Could not open backing file: Could not open '/b': No such file or directory\n`,
    'DiskHasBackingFile',
    'spec.domain.devices.disks[0]',
    "The disk image builds on another image that cannot be opened: Could not open '/b': No such file or directory.",
  ],
  [
    "qemu-system-x86_64: -netdev user,id=n0: Could not set up host forwarding rule 'tcp:127.0.0.1:2222-:22'\n",
    'PortTaken',
    'spec.networks[0]',
    'The port forward tcp:127.0.0.1:2222-:22 cannot be set up: the port is taken or not allowed for this user.',
  ],
  [
    'Could not access KVM kernel module: Permission denied\nqemu-system-x86_64: -accel kvm: failed to initialize kvm: Permission denied\n',
    'KvmDenied',
    '',
    'This user may not use /dev/kvm.',
  ],
  [
    'Could not access KVM kernel module: No such file or directory\nqemu-system-x86_64: -accel kvm: failed to initialize kvm: No such file or directory\n',
    'KvmAbsent',
    '',
    'KVM is not available on this computer.',
  ],
  [
    "qemu-system-x86_64: CPU model 'host' requires KVM or HVF\n",
    'CpuModelNeedsKvm',
    '',
    'The CPU model host needs KVM, and this machine is emulated.',
  ],
  ["qemu-system-x86_64: unable to find CPU model 'nosuch'\n", 'CpuModelUnknown', '', 'This QEMU does not know the CPU model nosuch.'],
  [
    [
      "qemu-system-x86_64: warning: TCG doesn't support requested feature: CPUID.01H:ECX.pcid [bit 17]",
      "qemu-system-x86_64: warning: TCG doesn't support requested feature: CPUID.80000001H:ECX.3dnowprefetch [bit 8]",
      "qemu-system-x86_64: TCG doesn't support requested features",
    ].join('\n'),
    'CpuFeaturesMissing',
    '',
    'This computer cannot give the CPU features pcid, 3dnowprefetch.',
  ],
  [
    'qemu-system-x86_64: unable to map backing store for guest RAM: Cannot allocate memory\n',
    'HugePagesShort',
    '',
    'There are not enough free huge pages for the memory of the machine.',
  ],
  [
    "qemu-system-x86_64: cannot set up guest memory 'ram': Cannot allocate memory\n",
    'MemoryShort',
    '',
    'There is not enough memory for the machine.',
  ],
  [
    "qemu: module audio-audio-pa not found, do you want to install qemu-system-gui package?\naudio: Unknown audio driver `pa'\n",
    'ModuleMissing',
    '',
    "QEMU's module audio-audio-pa is not installed.",
  ],
  [
    `qemu-system-x86_64: -device {"driver":"nosuch"}: 'nosuch' is not a valid device model name\n`,
    'DeviceUnknown',
    '',
    'This QEMU has no device nosuch.',
  ],
  ["qemu: could not load PC BIOS 'bios'\n", 'FirmwareMissing', '', 'The firmware file bios is not installed.'],
  [
    "failed to parse default acl file `/etc/qemu/bridge.conf'\nqemu-system-x86_64: -netdev bridge,id=n0,br=br0: bridge helper failed\n",
    'BridgeNotAllowed',
    '',
    'QEMU may not use this bridge.',
  ],
  [
    'qemu-system-x86_64: unsupported machine type\nUse -machine help to list supported machines\n',
    'MachineUnknown',
    '',
    'This QEMU does not know the machine type.',
  ],
  ["qemu: could not open kernel file '/k': No such file or directory\n", 'FileMissing', '', 'The file /k is not there.'],
  [
    `qemu-system-x86_64: warning: something\nqemu-system-x86_64: ${option}: Parameter 'x' is unexpected\n`,
    'QemuExitedEarly',
    'spec.domain.devices.disks[0]',
    "Parameter 'x' is unexpected.",
  ],
  ['', 'QemuExitedEarly', '', 'it gave no reason (exit code 1).'],
])('%j', (...[stderr, reason, field, message]) => {
  const error = earlyExitError(stderr, { code: 1, signal: null }, args);
  const [cause] = error.causes;
  expect({ code: error.code, message: error.message, reason: cause?.reason, field: cause?.field, cause: cause?.message }).toEqual({
    code: 'QemuExitedEarly',
    message: `QEMU ended before the machine could run: ${message}`,
    reason,
    field,
    cause: message,
  });
  expect(cause?.fix === undefined).toBe(reason === 'QemuExitedEarly');
});

test('a signal without words is named', () => {
  expect(earlyExitError('', { code: null, signal: 'SIGSYS' }, []).causes).toEqual([
    { reason: 'QemuExitedEarly', field: '', message: 'it was ended by SIGSYS and gave no reason.' },
  ]);
});
