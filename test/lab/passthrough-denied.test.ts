// Owns the proof that a device which AppArmor keeps from QEMU is told from one whose mode does, by a real profile under a real kernel.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unpackedPackages } from '../guests/debian-packages.ts';
import { runInLab } from './run-in-lab.ts';

test('a profile that denies the group: who did it is said, and the log has it where the fix looks', async () => {
  const { results } = await runInLab({
    program: new URL('programs/passthrough-denied.ts', import.meta.url),
    input: { parser: join(await unpackedPackages(['apparmor']), 'sbin/apparmor_parser') },
    iommu: 'intel',
    devices: ['nic'],
    modules: ['e1000e'],
    kernelArguments: 'clocksource=acpi_pm',
    timeoutMs: 400_000,
  });
  expect(results).toEqual([
    {
      said: {
        phase: expect.any(String),
        message: expect.stringMatching(/AppArmor keeps QEMU from opening \/dev\/vfio\/\d+, which its owner and mode allow\./),
      },
      log: expect.stringMatching(/apparmor="DENIED" operation="open".* name="\/dev\/vfio\/\d+"/),
    },
    { guest: ['00.0 8086:10d3'] },
  ]);
});
