// Owns the proof that the self-test tells an accelerator that runs guests from one that only seems to, with the QEMU of this machine.
// Must not expect a KVM that works, nor one that does not: only that what is said agrees with what is seen.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { selftestPayload } from '../../../native/index.ts';
import { capabilities } from '../../../electron/core/qemu/capabilities.ts';
import { findProgram, runCommand } from '../../../electron/host/exec.ts';
import { probeQemu } from '../../../electron/host/qemu/probe.ts';
import { kvmDevice, kvmVerdict, runSelftest } from '../../../electron/host/qemu/selftest.ts';
import { tempDir } from '../temp-dir.ts';

const binary = (await findProgram('qemu-system-x86_64')) ?? '';
const assembler = (await findProgram('as')) !== undefined && (await findProgram('ld')) !== undefined;

test.skipIf(!assembler || process.arch !== 'x64')('the payload is its source, assembled (skipped without as and ld)', async () => {
  const directory = tempDir();
  const source = selftestPayload.replace(/\.bin$/, '.S');
  const assembled = await runCommand({ program: 'as', args: ['--64', '-o', `${directory}/s.o`, source], timeoutMs: 20_000 });
  expect(assembled.code, assembled.stderr).toBe(0);
  const args = ['-m', 'elf_x86_64', '-Ttext', '0x100000', '--oformat', 'binary', '-o', `${directory}/s.bin`, `${directory}/s.o`];
  const linked = await runCommand({ program: 'ld', args, timeoutMs: 20_000 });
  expect(linked.code, linked.stderr).toBe(0);
  expect(readFileSync(`${directory}/s.bin`).equals(readFileSync(selftestPayload))).toBe(true);
});

test.each([
  ['absent', '/dev/no-such-device'],
  ['denied', '/proc/1/mem/x'],
] as const)('a device that is %s needs no guest to say so', async (state, device) => {
  expect(await kvmVerdict({ dataDir: tempDir(), binary: '/nonexistent', device })).toEqual({ state, reason: '' });
});

describe.skipIf(binary === '')('with this QEMU', () => {
  test('emulation passes every stage', async () => {
    expect(await runSelftest(binary, 'tcg')).toEqual({ passed: true, stages: 'PLIUTS', reason: '', timedOut: false });
  });

  describe('KVM', () => {
    let device: Awaited<ReturnType<typeof kvmDevice>>;
    beforeAll(async () => {
      device = await kvmDevice();
    });

    // Two runs of a KVM that hangs take twice the limit.
    test('the verdict agrees with what was seen, and is asked once', { timeout: 60_000 }, async () => {
      const dataDir = tempDir();
      const verdict = await kvmVerdict({ dataDir, binary });
      if (device !== 'open') return expect(verdict).toEqual({ state: device, reason: '' });
      const { passed, stages, reason } = await runSelftest(binary, 'kvm');
      expect(verdict).toEqual({ state: passed ? 'works' : 'broken', reason });
      expect(passed).toBe(stages === 'PLIUTS' && reason === '');
      const written = statSync(`${dataDir}/cache/accelerator.json`).mtimeMs;
      expect(await kvmVerdict({ dataDir, binary })).toEqual(verdict);
      expect(statSync(`${dataDir}/cache/accelerator.json`).mtimeMs).toBe(written);
    });
  });

  test('the probe is asked once, again when it cannot be read, and core understands it', async () => {
    const dataDir = tempDir();
    const file = `${dataDir}/cache/qemu.json`;
    const recording = await probeQemu({ dataDir, binary, kvm: false });
    const read = capabilities(recording);
    expect({
      q35: read.machines.some(({ alias }) => alias === 'q35'),
      max: read.cpuModels.tcg.find(({ name }) => name === 'max')?.unavailableFeatures,
      blk: read.types.has('virtio-blk-pci'),
      file: read.types.has('memory-backend-memfd'),
      stop: read.commands.has('system_powerdown'),
      kvm: read.cpuModels.kvm,
    }).toEqual({ q35: true, max: [], blk: true, file: true, stop: true, kvm: [] });
    const written = statSync(file).mtimeMs;
    expect(await probeQemu({ dataDir, binary, kvm: false })).toEqual(recording);
    expect(statSync(file).mtimeMs).toBe(written);
    rmSync(file);
    expect(Object.keys((await probeQemu({ dataDir, binary, kvm: false })).tcg)).toEqual(Object.keys(recording.tcg));
  });

  test('a binary that is no QEMU is an error with its name', async () => {
    await expect(probeQemu({ dataDir: tempDir(), binary: '/bin/true', kvm: false })).rejects.toMatchObject({ code: 'QemuExitedEarly' });
  });
});
