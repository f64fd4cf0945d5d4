// Owns the proof that a disk put together by boot-disk.ts boots by itself, by every firmware, and obeys the power button.
// Must not use the engine or host/qemu.
import { expect, test } from 'vitest';
import { rawQemu, type RawQemuOptions } from './images-raw-qemu.ts';
import { tinyLinuxDisk, tinyLinuxMarker, tinyLinuxReady } from './tiny-linux.ts';

const cases: readonly { firmware: RawQemuOptions['firmware']; expected: string }[] = [
  { firmware: 'bios', expected: 'firmware=bios secureboot=no' },
  { firmware: 'uefi', expected: 'firmware=uefi secureboot=no' },
  { firmware: 'secure-boot', expected: 'firmware=uefi secureboot=yes' },
];

test.for(cases)('the tiny guest boots by $firmware, answers in its shell and hears the power button', async ({ firmware, expected }) => {
  const disk = await tinyLinuxDisk();
  await using machine = await rawQemu({
    firmware,
    memoryMiB: 384,
    args: ['-drive', `if=virtio,format=raw,snapshot=on,file=${disk}`],
  });
  const [, firmwareLine] = await machine.waitFor(new RegExp(`${tinyLinuxMarker} (.*)\\r`), 120_000);
  await machine.waitFor(new RegExp(tinyLinuxReady), 60_000);
  machine.type('echo sum=$((20+22))\n');
  await machine.waitFor(/sum=42/, 30_000);
  await machine.qmp('system_powerdown');
  const code = await machine.exited;
  expect({ firmwareLine, code }).toEqual({ firmwareLine: expected, code: 0 });
});
