// Owns the choice of a firmware by its descriptor, and what a manifest says of it.
// Must not read descriptors.
import { expect, test } from 'vitest';
import { firmwareStateOf } from '../../../electron/api/firmware-state.ts';
import type { FirmwareDescriptor } from '../../../electron/core/facts.ts';
import { firmwareFor } from '../../../electron/core/qemu/firmware-choice.ts';
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
const enrolledOpen = descriptor('enrolled-open', ['secure-boot', 'enrolled-keys']);
const setupMode = descriptor('setup', ['secure-boot', 'requires-smm']);
const plain = descriptor('plain', []);
const machine = 'pc-q35-7.2';
const off = { machine, state: 'uefi' } as const;
const on = { machine, state: 'secure-boot' } as const;
const setup = { machine, state: 'setup-mode' } as const;

test.each([
  { name: 'Secure Boot takes the one with keys', wanted: on, given: [setupMode, plain, enrolled], want: 'enrolled' },
  { name: 'Secure Boot does not take setup mode', wanted: on, given: [setupMode, plain], want: undefined },
  { name: 'Secure Boot is nothing without SMM', wanted: on, given: [enrolledOpen], want: undefined },
  { name: 'setup mode takes the one without keys', wanted: setup, given: [plain, enrolled, setupMode], want: 'setup' },
  { name: 'setup mode is not a firmware without Secure Boot', wanted: setup, given: [plain, enrolled], want: undefined },
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
  { name: "Debian's, setup mode", wanted: setup, given: readFirmware(), want: '/usr/share/qemu/firmware/50-edk2-x86_64-secure.json' },
])('firmware: $name', ({ wanted, given, want }) => {
  expect(firmwareFor(wanted, given)?.file).toBe(want);
});

const own = { 'virtdeck.io/secure-boot-keys': 'own' };

test.each([
  { bootloader: undefined, annotations: undefined, want: 'bios' },
  { bootloader: { bios: {} }, annotations: own, want: 'bios' },
  { bootloader: { efi: {} }, annotations: undefined, want: 'secure-boot' },
  { bootloader: { efi: { secureBoot: true } }, annotations: { 'virtdeck.io/secure-boot-keys': 'microsoft' }, want: 'secure-boot' },
  { bootloader: { efi: { secureBoot: false } }, annotations: own, want: 'uefi' },
  { bootloader: { efi: {} }, annotations: own, want: 'setup-mode' },
])('a manifest says $want', ({ want, ...manifest }) => {
  expect(firmwareStateOf(manifest)).toBe(want);
});
