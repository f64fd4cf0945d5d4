// Owns the proof of trials over the API and the command line: whole cards together, time left, keep, revert, and every refusal.
// Must not bind a device of the computer that runs the test; test/lab does that.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeviceTrial, DeviceTrialList } from '../../electron/api/device-trials.ts';
import type { Status } from '../../electron/api/errors.ts';
import { createHostDevices } from '../../electron/host/devices/host-devices.ts';
import { listen } from '../../electron/server/http.ts';
import { type DeviceTree, writeDeviceTree } from '../fakes/device-tree.ts';
import { workstation } from '../fakes/workstation.ts';
import { virtdeck } from './cli-process.ts';
import { type Core, jsonLines, startCore } from './core-fixture.ts';

const collection = 'http://localhost/apis/virtdeck.io/v1alpha1/device-trials';
const card = ['0000:01:00.0', '0000:01:00.1', '0000:01:00.2'];
let core: Core;
let folder: string;

async function begin(tree: DeviceTree = workstation): Promise<void> {
  writeDeviceTree(join(folder, 'root'), tree);
  core.host.world.hostDevices = await createHostDevices(join(folder, 'root')).facts();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vd-trial-'));
  core = await startCore();
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true });
});

async function send(path: string, body?: object, signal?: AbortSignal): Promise<Response> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const request = new Request(`${collection}${path}`, { ...init, ...(signal === undefined ? {} : { signal }) });
  return core.router.handle(request, { transport: 'unix', name: 'test', role: 'admin' });
}

const driverOf = (address: string): string | undefined =>
  core.host.world.hostDevices.pci.find((device) => device.address === address)?.driver;

async function causesOf(answer: Response): Promise<readonly (readonly [string, string])[]> {
  expect(answer.status).toBe(422);
  const status = (await answer.json()) as Status;
  for (const { fix } of status.details?.causes ?? []) expect(fix).toBeTruthy();
  return (status.details?.causes ?? []).map(({ reason, message }) => [reason, message]);
}

test('a trial takes the whole card, tells the time left, and ends by itself', async () => {
  await begin();
  const answer = await send('', { address: '0000:01:00.1', seconds: 10 });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ address: '0000:01:00.0', addresses: card, state: 'trying', secondsLeft: 10 });
  expect(card.map(driverOf)).toEqual(['vfio-pci', 'vfio-pci', 'vfio-pci']);
  const leaves = new AbortController();
  const lines = jsonLines(await send('?watch=true', undefined, leaves.signal));
  const next = async (): Promise<readonly DeviceTrial[]> => ((await lines.next()).value as unknown as DeviceTrialList).items;
  await core.clock.advance(0);
  expect((await next())[0]).toMatchObject({ state: 'trying', secondsLeft: 10 });
  await core.clock.advance(3_000);
  expect((await next())[0]).toMatchObject({ state: 'trying', secondsLeft: expect.any(Number) });
  await core.clock.advance(8_000);
  let last = await next();
  while (last.length > 0) last = await next();
  leaves.abort();
  expect(card.map(driverOf)).toEqual(['nouveau', 'snd_hda_intel', 'xhci_hcd']);
});

test('kept, it stays past its time, and can be reverted later', async () => {
  await begin();
  await send('', { address: '0000:01:00.0', seconds: 10 });
  expect(await (await send('/0000:01:00.2/keep', {})).json()).toEqual({ address: '0000:01:00.0', addresses: card, state: 'kept' });
  await core.clock.advance(20_000);
  expect(driverOf('0000:01:00.0')).toBe('vfio-pci');
  expect((await send('/0000:01:00.0/keep', {})).status).toBe(404);
  expect((await send('/0000:01:00.0/revert', {})).status).toBe(200);
  expect(card.map(driverOf)).toEqual(['nouveau', 'snd_hda_intel', 'xhci_hcd']);
  expect((await send('/0000:01:00.0/revert', {})).status).toBe(404);
});

test('what a machine has is not taken from it', async () => {
  await begin();
  await send('', { address: '0000:01:00.0', seconds: 10 });
  await send('/0000:01:00.0/keep', {});
  core.host.world.openDevices.add('0000:01:00.0');
  expect((await send('/0000:01:00.0/revert', {})).status).toBe(409);
  expect(driverOf('0000:01:00.0')).toBe('vfio-pci');
});

test('functions in groups of their own are asked for one by one; when one fails, all are given back', async () => {
  const { '0000:01:00.1': audio, ...others } = workstation.pci;
  await begin({ ...workstation, pci: { ...others, ...(audio === undefined ? {} : { '0000:01:00.1': { ...audio, group: 30 } }) } });
  core.host.world.stuckDevices.add('0000:01:00.1');
  expect((await send('', { address: '0000:01:00.0', seconds: 10 })).status).toBe(500);
  expect(core.host.world.asked).toEqual([
    { verb: 'vfio-bind', address: '0000:01:00.0', seconds: 10 },
    { verb: 'vfio-bind', address: '0000:01:00.1', seconds: 10 },
    { verb: 'vfio-unbind', address: '0000:01:00.0' },
  ]);
  expect(card.map(driverOf)).toEqual(['nouveau', 'snd_hda_intel', 'xhci_hcd']);
});

test('every reason why not, before anybody is asked for a password', async () => {
  await begin();
  expect(await causesOf(await send('', { address: '0000:00:02.0', seconds: 2 }))).toEqual([
    ['FieldValueInvalid', 'A trial takes whole seconds, 5 to 600.'],
    ['HostUses', '0000:00:02.0 is a screen of this computer (DP-1).'],
    ['HostUses', '0000:00:02.0 is a screen of this computer (boot_vga).'],
  ]);
  const reasons = async (address: string): Promise<readonly string[]> =>
    (await causesOf(await send('', { address, seconds: 30 }))).map(([reason]) => reason);
  expect(await reasons('0000:03:00.0')).toEqual(['HostUses']);
  expect(await reasons('0000:05:00.0')).toEqual(['HostUses']);
  expect(await reasons('0000:00:01.0')).toEqual(['IsBridge']);
  expect(await reasons('0000:09:00.0')).toEqual(['FieldValueNotFound']);
  expect(await reasons('0000:04:02.1')).toEqual(['AlreadyBound']);
  await send('', { address: '0000:01:00.0', seconds: 30 });
  expect(await reasons('0000:01:00.1')).toEqual(['TrialUnderWay']);
  expect(core.host.world.asked).toHaveLength(1);
});

test('without an IOMMU nothing is bound: the device would be left without a driver', async () => {
  const pci = Object.fromEntries(Object.entries(workstation.pci).map(([address, { group: _group, ...device }]) => [address, device]));
  const { firmwareTable: _table, ...tree } = workstation;
  await begin({ ...tree, pci, units: [] });
  const causes = await causesOf(await send('', { address: '0000:01:00.0', seconds: 30 }));
  expect(causes.map(([reason]) => reason)).toEqual(['NoIommu', 'NoIommu']);
  expect(core.host.world.asked).toEqual([]);
});

test('virtdeck devices try, trials, keep, revert', async () => {
  await begin();
  const listening = await listen({ router: core.router, log: core.log, unixSocket: join(folder, 'api.sock') });
  const run = (...args: string[]) => virtdeck({ data: folder, run: folder }, ['devices', ...args]);
  expect((await run('try', '0000:01:00.0', '--seconds', '20')).stdout).toBe(
    `${card.join(', ')}: handed to VFIO, and taken back in 20 s.\nTo keep: virtdeck devices keep 0000:01:00.0\n`,
  );
  expect((await run('trials')).stdout).toMatch(/^0000:01:00\.0,0000:01:00\.1,0000:01:00\.2 +trying +20s$/m);
  expect((await run('keep', '0000:01:00.0')).stdout).toContain('left with VFIO until this computer restarts');
  expect((await run('revert', '0000:01:00.0')).stdout).toContain('given back to this computer');
  const refused = await run('try', '0000:03:00.0');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('0000:03:00.0 is a disk that this computer uses (/).');
  await listening.close();
});

/** As it is when all that were at it were ended: nobody drives the first. */
function leaveHalfWay(): void {
  const pci = core.host.world.hostDevices.pci.map((device) => {
    if (!card.includes(device.address)) return device;
    core.host.world.driversBefore.set(device.address, device.driver);
    return { ...device, driver: 'vfio-pci' };
  });
  core.host.world.hostDevices = { ...core.host.world.hostDevices, pci };
  core.host.world.interrupted.add('0000:01:00.1');
}

test('what was left half-way is told of, tried by nobody, and finished by a revert', async () => {
  await begin();
  leaveHalfWay();
  const listed = (await (await send('')).json()) as DeviceTrialList;
  expect(listed.items).toEqual([{ address: '0000:01:00.0', addresses: card, state: 'interrupted' }]);
  expect(await causesOf(await send('', { address: '0000:01:00.0', seconds: 30 }))).toEqual([
    ['Interrupted', 'A change of drivers of 0000:01:00.0 was interrupted.'],
  ]);
  expect(core.host.world.asked).toEqual([]);
  const listening = await listen({ router: core.router, log: core.log, unixSocket: join(folder, 'api.sock') });
  const run = (...args: string[]) => virtdeck({ data: folder, run: folder }, ['devices', ...args]);
  const told = await run('trials');
  expect(told.stdout).toMatch(/^0000:01:00\.0,0000:01:00\.1,0000:01:00\.2 +interrupted *$/m);
  expect(told.stderr).toContain('Finish it: virtdeck devices revert 0000:01:00.0');
  expect((await run('revert', '0000:01:00.0')).stdout).toContain('given back to this computer');
  expect(card.map(driverOf)).toEqual(['nouveau', 'snd_hda_intel', 'xhci_hcd']);
  expect(((await (await send('')).json()) as DeviceTrialList).items).toEqual([]);
  await listening.close();
});

test('root finishes what was left half-way as soon as somebody looks', async () => {
  await begin();
  core.host.world.isRoot = true;
  leaveHalfWay();
  expect(((await (await send('')).json()) as DeviceTrialList).items).toEqual([]);
  expect(core.host.world.asked).toEqual([{ verb: 'vfio-unbind', address: '0000:01:00.1' }]);
  expect(card.map(driverOf)).toEqual(['nouveau', 'snd_hda_intel', 'xhci_hcd']);
});
