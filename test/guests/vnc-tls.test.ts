// Owns the proof of VNC over TLS on a real QEMU: two rotations of the authority with a viewer that stays, chains, passwords, a broken file.
// Must not boot a guest: the BIOS has a screen.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { launchDecision } from '../../electron/core/qemu/launch.ts';
import { createCertificates } from '../../electron/host/certificates/certificates.ts';
import { createMachines } from '../../electron/host/machines.ts';
import { systemClock } from '../../electron/host/system-clock.ts';
import { instanceOf, launchFacts, readCase } from '../golden/golden-case.ts';
import { silentLog } from '../host/silent-log.ts';
import { tempDir } from '../host/temp-dir.ts';
import { openViewer, type ViewerOptions } from './rfb-tls-client.ts';
import { unlimited } from '../fakes/unlimited.ts';

const hourMs = 3_600_000;
const password = 'eightlet';

test('a viewer stays connected over two rotations, new ones see the new certificate, and a broken file changes nothing', async () => {
  const directory = tempDir();
  const certificates = createCertificates(directory);
  const nowMs = Math.floor(Date.now() / 1000) * 1000;
  const life = { notBeforeMs: nowMs, notAfterMs: nowMs + 24 * hourMs };
  const rotate = async (): Promise<string> => {
    await certificates.issueAuthority(life);
    await certificates.issueServer({ name: 'vnc', hosts: ['127.0.0.1'], life });
    return (await certificates.facts()).servers[0]?.serialNumber ?? '';
  };
  const first = await rotate();
  const oldest = readFileSync(certificates.bundlePath, 'utf8');

  const machines = createMachines({
    dataDir: `${directory}/d`,
    runDir: `${directory}/r`,
    clock: systemClock,
    log: silentLog,
    limits: unlimited(),
  });
  onTestFinished(() => machines.close());
  const port = await freePort();
  const golden = readCase('vnc-viewers');
  const vmi = instanceOf(golden);
  const listening = {
    ...vmi,
    metadata: { ...vmi.metadata, annotations: { ...vmi.metadata.annotations, 'virtdeck.io/vnc-listen': `127.0.0.1:${port}` } },
    spec: { ...vmi.spec, volumes: [], domain: { ...vmi.spec.domain, devices: { ...vmi.spec.domain.devices, disks: [] } } },
  };
  const { plan, causes } = launchDecision(listening, {
    ...launchFacts(golden, listening, { ...machines.directories(vmi.metadata.uid, 'vnc-owner'), pool: directory }),
    vncCertificateDir: certificates.vncDir,
    secrets: { screen: { password } },
    takenPorts: new Set(),
  });
  expect(causes).toEqual([]);
  if (plan === undefined) return;
  expect(JSON.stringify(plan.args)).not.toContain(password);
  await machines.createRunDir(plan);
  for (const file of plan.files) await machines.placeFile(file);
  const machine = await machines.spawn(plan, () => undefined);
  onTestFinished(async () => {
    machine.kill('SIGKILL');
    await machine.exited;
  });
  await machine.qmp('cont');
  const reload = (): Promise<unknown> => machine.qmp('display-reload', { type: 'vnc', 'tls-certs': true });
  const viewer = (more: Partial<ViewerOptions> = {}) =>
    openViewer({ port, password, authorities: readFileSync(certificates.bundlePath, 'utf8'), ...more });

  const stays = await viewer();
  expect(stays.serialNumber).toBe(first);
  await expect(viewer({ password: 'wrong' })).rejects.toThrow('the password was refused');

  for (const time of ['the first time', 'the second time']) {
    const next = await rotate();
    await reload();
    const newcomer = await viewer();
    expect(newcomer.serialNumber, time).toBe(next);
    await newcomer.refresh();
    newcomer.close();
    // Who knows only the first authority is led to the one that signs.
    const old = await viewer({ authorities: oldest });
    expect(old.serialNumber).toBe(next);
    old.close();
    const file = `${certificates.vncDir}/server-cert.pem`;
    const verified = execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', certificates.bundlePath, '-untrusted', file, file]);
    expect(verified.toString()).toBe(`${file}: OK\n`);
    await stays.refresh();
  }

  const before = (await certificates.facts()).servers[0]?.serialNumber;
  writeFileSync(`${certificates.vncDir}/server-cert.pem`, 'rust');
  await expect(reload()).rejects.toThrow('Unable to import server certificate');
  const after = await viewer();
  expect(after.serialNumber).toBe(before);
  after.close();
  await stays.refresh();
  stays.close();
});

async function freePort(): Promise<number> {
  for (let port = 5_950; port < 6_200; port += 1) {
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
  throw new Error('no port is free');
}
