// Owns the proof of what runs beside QEMU, of UEFI variables that are reset, and of what a Secret means for a TPM.
// Must not look inside the engine.
import { expect, test } from 'vitest';
import { secret, vm, withDomain, withMeta, withRunStrategy } from '../fakes/builders.ts';
import { condition, machineKey, printable, startCore } from './harness.ts';

const withTpm = withDomain((domain) => ({ ...domain, devices: { ...domain.devices, tpm: { persistent: true } } }));
const withUefi = withDomain((domain) => ({ ...domain, firmware: { bootloader: { efi: { secureBoot: false } } } }));
const manual = withRunStrategy('Manual');

test('a TPM is started before its machine and ended with it', async () => {
  const core = await startCore();
  await core.made(vm(manual, withTpm));
  await core.act('start');
  const beside = [...core.host.world.sidecars.values()].flat();
  expect([beside.map(({ name, program }) => [name, program]), core.guest().plan.sidecars]).toEqual([[['swtpm', '/usr/bin/swtpm']], beside]);
  await core.act('stop', 'web', { gracePeriodSeconds: 0 });
  expect([...core.host.world.sidecars.keys()]).toEqual([]);
});

test('a start that fails leaves no TPM behind', async () => {
  const core = await startCore();
  core.host.world.behave({ startFails: 'no such device' });
  await core.made(vm(manual, withTpm));
  await core.act('start');
  expect([core.events().some((event) => event.startsWith('SyncFailed')), [...core.host.world.sidecars.keys()]]).toEqual([true, []]);
});

test('the end of a TPM is told, and the machine runs on', async () => {
  const core = await startCore();
  await core.made(vm(manual, withTpm));
  await core.act('start');
  core.guest().listener?.({ type: 'SidecarEnded', name: 'swtpm', serves: 'The TPM', message: 'It said nothing.', at: 0 });
  await core.settle();
  expect([printable(core), condition(core.vmi(), 'DeviceLost'), core.events().at(-1)]).toEqual([
    'Running',
    'True/SidecarEnded',
    'SidecarEnded: The TPM does not answer any more: swtpm ended. It said nothing.',
  ]);
});

test('a TPM waits for its Secret, and starts when it is there', async () => {
  const core = await startCore();
  await core.made(vm(manual, withTpm, withMeta({ annotations: { 'virtdeck.io/tpm-secret': 'seal' } })));
  await core.act('start');
  const waiting = [core.vmi()?.status?.phase, condition(core.vmi(), 'PodScheduled')];
  await core.made(secret({ name: 'seal', stringData: { passphrase: 'correct horse' } }));
  expect([waiting, printable(core), core.guest().plan.sidecars[0]?.secret]).toEqual([
    ['Scheduling', 'False/Unschedulable'],
    'Running',
    'correct horse',
  ]);
});

test('the firmware is reset while the machine is stopped, and not otherwise', async () => {
  const core = await startCore();
  const { world } = core.host;
  const variables = (): readonly string[] => [...world.files.keys()].filter((path) => path.includes('/nvram-'));
  await expect(core.engine.resetFirmware(machineKey())).rejects.toMatchObject({ code: 'NotFound' });
  await core.made(vm(manual, withUefi));
  expect(await core.engine.resetFirmware(machineKey())).toEqual({ backups: [] });
  await core.act('start');
  const [made] = variables();
  await expect(core.engine.resetFirmware(machineKey())).rejects.toMatchObject({
    code: 'Conflict',
    causes: [{ message: 'The firmware can be reset while the machine is stopped.', fix: 'Stop the machine first.' }],
  });
  await core.act('stop', 'web', { gracePeriodSeconds: 0 });
  expect([await core.engine.resetFirmware(machineKey(), { dryRun: true }), variables()]).toEqual([{ backups: [] }, [made]]);
  expect([await core.engine.resetFirmware(machineKey()), variables()]).toEqual([{ backups: [made] }, []]);
  expect(core.events().at(-1)).toBe(`FirmwareReset: The UEFI variables were reset. Kept: ${made}.`);
});
