// Owns the choice of a firmware by its descriptor.
// Must not read descriptors.
import { expect, test } from 'vitest';
import type { FirmwareDescriptor } from '../../../electron/core/facts.ts';
import { firmwareFor } from '../../../electron/core/qemu/devices/firmware.ts';
import { readFirmware } from '../../golden/golden-case.ts';

function descriptor(file: string, features: readonly string[], more: Partial<FirmwareDescriptor> = {}): FirmwareDescriptor {
  return {
    file,
    interfaceTypes: ['uefi'],
    executable: { path: `/fw/${file}.fd`, format: 'raw' },
    nvramTemplate: { path: `/fw/${file}-vars.fd`, format: 'raw' },
    targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
    features,
    ...more,
  };
}

const enrolled = descriptor('enrolled', ['secure-boot', 'enrolled-keys', 'requires-smm']);
const setupMode = descriptor('setup', ['secure-boot', 'requires-smm']);
const plain = descriptor('plain', []);
const off = { machine: 'pc-q35-7.2', secureBoot: false };
const on = { machine: 'pc-q35-7.2', secureBoot: true };

test.each([
  { name: 'Secure Boot takes the one with keys', wanted: on, given: [setupMode, plain, enrolled], want: 'enrolled' },
  { name: 'Secure Boot does not take setup mode', wanted: on, given: [setupMode, plain], want: undefined },
  { name: 'without it, not the one with keys', wanted: off, given: [enrolled, plain], want: 'plain' },
  { name: 'without it, rather the one that needs no SMM', wanted: off, given: [setupMode, plain], want: 'plain' },
  { name: 'without it, setup mode rather than nothing', wanted: off, given: [enrolled, setupMode], want: 'setup' },
  { name: 'the order of preference holds', wanted: off, given: [descriptor('mine', []), plain], want: 'mine' },
  {
    name: 'another architecture does not fit',
    wanted: off,
    given: [descriptor('arm', [], { targets: [{ architecture: 'aarch64', machines: ['*'] }] })],
    want: undefined,
  },
  {
    name: 'another board does not fit',
    wanted: off,
    given: [descriptor('pc', [], { targets: [{ architecture: 'x86_64', machines: ['pc-i440fx-*', 'pc-q35-7.2.x'] }] })],
    want: undefined,
  },
  {
    name: 'a dot in a glob is a dot',
    wanted: { ...off, machine: 'pc-q35-7x2' },
    given: [descriptor('exact', [], { targets: [{ architecture: 'x86_64', machines: ['pc-q35-7.2'] }] })],
    want: undefined,
  },
  { name: 'BIOS in flash is no UEFI', wanted: off, given: [descriptor('bios', [], { interfaceTypes: ['bios'] })], want: undefined },
  { name: "Debian's, off", wanted: off, given: readFirmware(), want: '/usr/share/qemu/firmware/60-edk2-x86_64.json' },
  { name: "Debian's, on", wanted: on, given: readFirmware(), want: '/usr/share/qemu/firmware/40-edk2-x86_64-secure-enrolled.json' },
])('firmware: $name', ({ wanted, given, want }) => {
  expect(firmwareFor(wanted, given)?.file).toBe(want);
});
