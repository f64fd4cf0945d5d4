// Owns the reading of a recorded QMP conversation: the golden host, and recordings that are odd.
// Must not record.
import { expect, test } from 'vitest';
import { type QmpReplies, capabilities, recordingKey } from '../../../electron/core/qemu/capabilities.ts';
import { readRecording } from '../../golden/golden-case.ts';

test("Debian 12's QEMU", () => {
  const qemu = capabilities(readRecording('qemu-7.2-x86_64'));
  const runnable = qemu.cpuModels.tcg.filter(({ unavailableFeatures }) => unavailableFeatures.length === 0);
  expect({
    version: qemu.version,
    q35: qemu.machines.find(({ alias }) => alias === 'q35'),
    runnable: runnable.length,
    all: qemu.cpuModels.tcg.length,
    haswell: qemu.cpuModels.tcg.find(({ name }) => name === 'Haswell-noTSX')?.unavailableFeatures,
    // What TCG emulates, what it does not, and what is no feature at all.
    features: ['avx2', 'pcid', 'enforce', 'hv-relaxed'].map((name) => qemu.cpuFeatures.tcg.get(name)),
    types: ['virtio-blk-pci', 'memory-backend-memfd', 'igb'].map((type) => qemu.types.has(type)),
    commands: ['query-status', 'no-such-command'].map((name) => qemu.commands.has(name)),
  }).toEqual({
    version: { major: 7, minor: 2, micro: 22, package: expect.stringContaining('Debian') },
    q35: { name: 'pc-q35-7.2', alias: 'q35', cpuMax: 288, deprecated: false },
    runnable: 38,
    all: 132,
    haswell: ['pcid', 'x2apic', 'tsc-deadline', 'invpcid'],
    features: [true, false, undefined, undefined],
    types: [true, true, false],
    commands: [true, false],
  });
});

test.each([
  { name: 'nothing was answered', tcg: {} },
  { name: 'answers of the wrong shape', tcg: { 'query-version': 7, 'query-machines': { a: 1 }, 'query-cpu-definitions': [null, 'x'] } },
] as readonly { readonly name: string; readonly tcg: QmpReplies }[])('a recording where $name', ({ tcg }) => {
  const qemu = capabilities({ binary: '/bin/qemu', tcg });
  expect([qemu.binary, qemu.version.major, qemu.machines, qemu.types.size]).toEqual(['/bin/qemu', 0, [], 0]);
});

test('a command is kept under its arguments', () => {
  expect([recordingKey({ execute: 'a' }), recordingKey({ execute: 'a', arguments: { b: true } })]).toEqual(['a', 'a {"b":true}']);
});
