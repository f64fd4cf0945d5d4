// Owns the proof that machines run on the QEMU that Debian 13 has: probed, booted under BIOS and UEFI with the defaults of each, ended.
// Must not repeat what life.test.ts shows of the installed one.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ComputerReport } from '../../electron/api/computer.ts';
import { type CoreProcess, startCore } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, verbPath } from '../bench/machines.ts';
import { openConsole, screenColours } from './console.ts';
import { guestMachine } from './guest-machine.ts';
import { newerQemuFolder, newerQemuUnreachable } from './newer-qemu.ts';
import { tinyLinuxDisk, tinyLinuxMarker, tinyLinuxReady } from './tiny-linux.ts';

const reason = await newerQemuUnreachable();
const where = reason === undefined ? '' : ` (skipped: ${reason})`;

describe.skipIf(reason !== undefined)(`on QEMU 10${where}`, () => {
  const before = process.env['PATH'] ?? '';
  let core: CoreProcess;
  beforeAll(async () => {
    process.env['PATH'] = `${await newerQemuFolder()}:${before}`;
    core = await startCore();
  });
  afterAll(async () => {
    process.env['PATH'] = before;
    await core.request({ method: 'DELETE', path: machinesPath, body: { gracePeriodSeconds: 0 } });
    const { items } = (await core.request({ path: instancesPath })) as { items: readonly { metadata: { name: string } }[] };
    await Promise.all(items.map(({ metadata }) => awaitPhase(core, metadata.name, 'gone')));
    await core.end();
    core.remove();
  });

  test('it is found, and asked what it can do', async () => {
    const { qemuVersion } = (await core.request({ path: '/apis/virtdeck.io/v1alpha1/computer' })) as ComputerReport;
    expect(qemuVersion).toMatch(/^10\./);
  });

  test.each([
    { name: 'bios', domain: { firmware: { bootloader: { bios: {} } } }, said: 'firmware=bios' },
    // Secure Boot is the default, and its keys are Microsoft's: shim is signed with them.
    {
      name: 'uefi',
      domain: { firmware: { bootloader: { efi: {} } }, features: { smm: { enabled: true } } },
      said: 'firmware=uefi secureboot=yes',
    },
  ])('a guest boots with $said, shows its screen, and goes by its power button', async ({ name, domain, said }) => {
    const disk = join(core.dataDir, `${name}.img`);
    copyFileSync(await tinyLinuxDisk(), disk);
    const body = guestMachine(name, {
      disk,
      memory: '512Mi',
      runStrategy: 'Manual',
      spec: { terminationGracePeriodSeconds: 120 },
      domain,
    });
    await core.request({ method: 'POST', path: machinesPath, body });
    const running = awaitPhase(core, name, 'Running');
    await core.request({ method: 'PUT', path: verbPath(name, 'start'), body: {} });
    await running;
    const terminal = await openConsole(core.socket, name);
    await terminal.waitFor(new RegExp(`${tinyLinuxMarker}.*${said}`), 240_000);
    await terminal.waitFor(new RegExp(tinyLinuxReady), 60_000);
    // BIOS leaves a screen of text.
    expect(await screenColours(core.socket, name)).toBeGreaterThan(1);
    const gone = awaitPhase(core, name, 'gone');
    await core.request({ method: 'PUT', path: verbPath(name, 'stop'), body: {} });
    await gone;
    terminal.close();
  });
});
