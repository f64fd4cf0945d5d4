// Owns the proof that this computer's devices are told over the API and the command line, and that the chapter's preparation objects are taken as printed.
// Must not look at the computer that runs the test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Status } from '../../electron/api/errors.ts';
import type { HostDeviceReport } from '../../electron/api/host-devices.ts';
import { createHostDevices } from '../../electron/host/devices/host-devices.ts';
import { listen, type Listening } from '../../electron/server/http.ts';
import { writeDeviceTree } from '../fakes/device-tree.ts';
import { workstation } from '../fakes/workstation.ts';
import { virtdeck } from './cli-process.ts';
import { type Core, startCore } from './core-fixture.ts';

const path = 'http://localhost/apis/virtdeck.io/v1alpha1/host-devices';
let core: Core;
let listening: Listening;
let folder: string;
const run = (...args: string[]) => virtdeck({ data: folder, run: folder }, args);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vd-dev-'));
  writeDeviceTree(join(folder, 'root'), workstation);
  core = await startCore();
  core.host.world.hostDevices = await createHostDevices(join(folder, 'root')).facts();
  listening = await listen({ router: core.router, log: core.log, unixSocket: join(folder, 'api.sock') });
});
afterAll(async () => {
  await listening.close();
  await core.close();
  rmSync(folder, { recursive: true });
});

test('virtdeck devices: checks, groups with their verdicts, mediated devices, USB', async () => {
  const { stdout, status } = await run('devices');
  expect(status).toBe(0);
  expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual(
    expect.arrayContaining([
      '✔ The kernel uses the IOMMU: dmar0, dmar1.',
      expect.stringMatching(/^0000:00:02\.0 +8086:3e98 +i915 +needed here: screen DP-1, screen boot_vga +Intel Corporation CoffeeLake/),
      expect.stringMatching(
        /^0000:01:00\.0 +10de:1eb8 +nouveau +takes 0000:01:00\.1, 0000:01:00\.2 with it +NVIDIA Corporation TU104GL \[Tesla T4\]$/,
      ),
      expect.stringMatching(/^0000:03:00\.0 +144d:a80a +nvme +needed here: disk \/ +Samsung/),
      expect.stringMatching(/^0000:01:00\.0 +nvidia-231 +8 +0 +GRID T4-2Q$/),
      expect.stringMatching(/^1-2 +046d:c52b +usbhid +Logitech, Inc\. Unifying Receiver$/),
    ]),
  );
});

test('who watches is told at once, and again when a driver changed', async () => {
  const leaves = new AbortController();
  const answer = await fetchFrom(`${path}?watch=true`, leaves.signal);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async (): Promise<HostDeviceReport> => JSON.parse((await reader?.read())?.value ?? '') as HostDeviceReport;
  await core.clock.advance(0);
  const driverOf = ({ pci }: HostDeviceReport): string | undefined => pci.find(({ address }) => address === '0000:01:00.0')?.driver;
  expect(driverOf(await next())).toBe('nouveau');
  const { hostDevices } = core.host.world;
  const pci = hostDevices.pci.map((device) => (device.address === '0000:01:00.0' ? { ...device, driver: 'vfio-pci' } : device));
  core.host.world.hostDevices = { ...hostDevices, pci };
  // Nothing is asked of the computer when nobody looks; while somebody does, every two seconds.
  await core.clock.advance(2_000);
  expect(driverOf(await next())).toBe('vfio-pci');
  leaves.abort();
  core.host.world.hostDevices = hostDevices;
});

async function fetchFrom(url: string, signal: AbortSignal): Promise<Response> {
  return core.router.handle(new Request(url, { signal }), { transport: 'unix', name: 'test', role: 'admin' });
}

describe('virtual functions', () => {
  const card = '0000:04:00.0';
  const put = async (address: string, body: object): Promise<Response> => {
    const init = { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return core.router.handle(new Request(`${path}/${address}/virtual-functions`, init), {
      transport: 'unix',
      name: 'test',
      role: 'admin',
    });
  };

  test('go by way of 0 to another number, and each is a device of its own', async () => {
    core.host.world.asked.length = 0;
    expect((await put(card, { count: 4 })).status).toBe(200);
    expect(core.host.world.asked).toEqual([0, 4].map((count) => ({ verb: 'sriov-set', address: card, count })));
    const answer = await core.router.handle(new Request(path), { transport: 'unix', name: 'test', role: 'admin' });
    const { pci } = (await answer.json()) as HostDeviceReport;
    expect(pci.find(({ address }) => address === card)?.sriov?.vfs).toHaveLength(4);
    expect(pci.filter(({ physfn }) => physfn === card)).toHaveLength(4);
  });

  test('virtdeck devices functions', async () => {
    const { stdout, status } = await run('devices', 'functions', card, '1');
    expect([stdout, status]).toEqual([`${card}: 1 virtual functions, until this computer restarts.\n`, 0]);
    const refused = await run('devices', 'functions', card, '65');
    expect([refused.status === 0, refused.stderr]).toEqual([false, expect.stringContaining('has 0 to 64 virtual functions')]);
  });

  test('what cannot be is said at its field', async () => {
    const refused = (await (await put(card, { count: 65 })).json()) as Status;
    expect(refused.details?.causes).toMatchObject([{ field: 'count', message: `The card ${card} has 0 to 64 virtual functions.` }]);
    expect((await put(card, { count: '4' })).status).toBe(400);
    expect((await put(card, { count: 4, more: 1 })).status).toBe(400);
    expect((await put('0000:03:00.0', { count: 1 })).status).toBe(422);
  });
});

describe('8.14.11.1 as printed', () => {
  const iommu = [
    'apiVersion: machineconfiguration.openshift.io/v1',
    'kind: MachineConfig',
    'metadata:',
    '  labels:',
    '    machineconfiguration.openshift.io/role: worker',
    '  name: 100-worker-iommu',
    'spec:',
    '  config:',
    '    ignition:',
    '      version: 3.2.0',
    '  kernelArguments:',
    '      - intel_iommu=on',
    '',
  ].join('\n');
  const vfio = [
    'variant: openshift',
    'version: 4.9.0',
    'metadata:',
    '  name: 100-worker-vfiopci',
    '  labels:',
    '    machineconfiguration.openshift.io/role: worker',
    'storage:',
    '  files:',
    '  - path: /etc/modprobe.d/vfio.conf',
    '    mode: 0644',
    '    overwrite: true',
    '    contents:',
    '      inline: |',
    '        options vfio-pci ids=10de:1eb8',
    '  - path: /etc/modules-load.d/vfio-pci.conf',
    '    mode: 0644',
    '    overwrite: true',
    '    contents:',
    '      inline: vfio-pci',
    '',
  ].join('\n');

  test('a MachineConfig is created, a Butane file applied or printed, and both are listed with their columns', async () => {
    writeFileSync(join(folder, 'iommu.yaml'), iommu);
    writeFileSync(join(folder, 'vfio.bu'), vfio);
    expect((await run('create', '-f', join(folder, 'iommu.yaml'))).stdout).toBe(
      'machineconfig.machineconfiguration.openshift.io/100-worker-iommu created\n',
    );
    const { stdout: printed } = await run('butane', join(folder, 'vfio.bu'));
    expect(printed).toContain('kind: MachineConfig');
    expect(printed).toContain('mode: 420');
    writeFileSync(join(folder, 'vfio.yaml'), printed);
    expect((await run('apply', '-f', join(folder, 'vfio.bu'))).stdout).toBe(
      'machineconfig.machineconfiguration.openshift.io/100-worker-vfiopci created\n',
    );
    expect((await run('apply', '-f', join(folder, 'vfio.yaml'))).stdout).toContain('100-worker-vfiopci unchanged');
    const { stdout } = await run('get', 'MachineConfig');
    expect(stdout.split('\n')[0]?.trimEnd().split(/ +/)).toEqual(['NAME', 'GENERATEDBYCONTROLLER', 'IGNITIONVERSION', 'AGE']);
    expect(stdout).toMatch(/^100-worker-iommu +3\.2\.0 +\S+$/m);
    expect(stdout).toMatch(/^100-worker-vfiopci +3\.2\.0 +\S+$/m);
  });

  const statusOf = async (name: string): Promise<readonly unknown[]> => {
    const { stdout } = await run('get', 'mc', name, '-o', 'json');
    return (JSON.parse(stdout) as { readonly status?: { readonly conditions?: readonly unknown[] } }).status?.conditions ?? [];
  };

  test('nothing is accepted silently: its status says what is pending, and follows the computer', async () => {
    await core.clock.advance(0);
    const pending = {
      type: 'Applied',
      status: 'False',
      reason: 'ChangesPending',
      message:
        'Not applied yet: 2 changes pending (/etc/default/grub.d/60-virtdeck.cfg, update-grub). See Host devices, or: virtdeck prepare --dry-run',
    };
    expect(await statusOf('100-worker-iommu')).toEqual([expect.objectContaining(pending)]);
    expect(await statusOf('100-worker-vfiopci')).toEqual([
      expect.objectContaining({ reason: 'ChangesPending', message: expect.stringContaining('/etc/modprobe.d/vfio.conf, ') }),
    ]);
    const { stdout, status } = await run('prepare', '--dry-run');
    expect(status).toBe(0);
    const lines = stdout.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'This computer: Debian GNU/Linux 12 (bookworm), GRUB (drop-in files), update-initramfs',
        '+++ /etc/default/grub.d/60-virtdeck.cfg',
        '+GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX intel_iommu=on"',
        '+options vfio-pci ids=10de:1eb8',
        '$ update-initramfs -u -k all',
        '$ update-grub',
      ]),
    );
    const { world } = core.host;
    const before = world.preparation;
    world.preparation = { ...before, files: { ...before.files, 'grub-default': 'GRUB_CMDLINE_LINUX="intel_iommu=on"\n' } };
    await core.clock.advance(60_000);
    expect(await statusOf('100-worker-iommu')).toEqual([
      expect.objectContaining({ status: 'False', reason: 'RestartPending', message: expect.stringContaining('intel_iommu=on') }),
    ]);
    world.preparation = { ...world.preparation, cmdline: `${before.cmdline} intel_iommu=on`, iommuInUse: true };
    await core.clock.advance(60_000);
    expect(await statusOf('100-worker-iommu')).toEqual([expect.objectContaining({ status: 'True', reason: 'Applied' })]);
    world.preparation = before;
  });

  test('what only a cluster reads is told, too', async () => {
    writeFileSync(
      join(folder, 'fips.yaml'),
      iommu
        .replace('100-worker-iommu', 'fips')
        .replace('kernelArguments:', 'fips: true\n  kernelArguments:')
        .replace('intel_iommu=on', 'init=/bin/sh'),
    );
    await run('create', '-f', join(folder, 'fips.yaml'));
    await core.clock.advance(0);
    expect(await statusOf('fips')).toEqual([
      expect.objectContaining({ type: 'Applied', status: 'True' }),
      expect.objectContaining({
        type: 'NotHonoured',
        message:
          'The kernel argument "init=/bin/sh" has no effect here: only arguments for passthrough and memory are added.\nKept, and without effect on this computer: spec.fips.',
      }),
    ]);
    await run('delete', 'mc', 'fips');
  });

  test('devices of a wrong address, and such as this computer needs, are refused', async () => {
    expect((await run('prepare', '--dry-run', 'x')).stderr).toContain('0000:01:00.0');
    const { stdout, status } = await run('prepare', '--dry-run', '0000:03:00.0');
    expect(status).toBe(1);
    expect(stdout).toContain('✖ This computer needs 0000:03:00.0 for the disk of /.');
  });

  test('it is applied when one agrees, listed, on the recovery card, and undone', async () => {
    // Nobody can be asked: a pipe is no terminal.
    expect((await run('prepare', '0000:01:00.0')).stderr).toContain('add --yes');
    const { stdout } = await run('prepare', '0000:01:00.0', '--yes');
    expect(stdout).toMatch(/^\d+ +\S+ +can be undone +\/etc\/modprobe\.d\/vfio\.conf \(new\)$/m);
    const card = (await run('prepare', 'card')).stdout.split('\n').map((line) => line.trim());
    expect(card).toEqual(
      expect.arrayContaining([
        'RECOVERY CARD of tower',
        'Take away:  intel_iommu=on',
        'Add:        module_blacklist=vfio_pci',
        'From a rescue shell, as root:     sh /var/lib/virtdeck-helper/rescue.sh',
        '/etc/default/grub.d/60-virtdeck.cfg (was not there: remove it)',
      ]),
    );
    for (const line of card) expect(line.length).toBeLessThanOrEqual(80);
    const row = (await run('prepare', 'changes')).stdout.split('\n').find((line) => line.includes('60-virtdeck.cfg')) ?? '';
    expect((await run('prepare', 'undo', row.split(' ')[0] ?? '')).stdout).not.toContain('60-virtdeck.cfg');
    expect((await run('prepare', 'undo')).stdout).toBe(
      'Undone. Nothing that was changed is left.\nIt has its effect at the next start of this computer.\n',
    );
    expect((await run('prepare', 'undo', '4711')).stderr).toContain('no change 4711');
  });

  test('what is wrong is refused with its field', async () => {
    writeFileSync(join(folder, 'wrong.yaml'), iommu.replace('3.2.0', '2.2.0').replace('100-worker-iommu', 'wrong'));
    const { stderr, status } = await run('create', '-f', join(folder, 'wrong.yaml'));
    expect(status).not.toBe(0);
    expect(stderr).toContain('unknown version');
    writeFileSync(join(folder, 'wrong.bu'), vfio.replace('openshift', 'fcos'));
    expect((await run('apply', '-f', join(folder, 'wrong.bu'))).stderr).toContain('Use variant: openshift.');
  });
});
