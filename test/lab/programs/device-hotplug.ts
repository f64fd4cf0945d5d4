// Owns the story of devices that come and go while machines run, for an ordinary user: a guest without an answer, one with, another core between.
// Must not judge what came of it; the test does.
import { chownSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../../../electron/api/object.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { awaitPhase, machinesPath, verbPath } from '../../bench/machines.ts';
import { addressOf, driverOf, handOver, hyperConverged, permit, reserveNothing, spareResources, takeBack } from '../inside/device-story.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';
import { makeOrdinaryUser, type OrdinaryUser } from '../inside/ordinary-user.ts';
import {
  awaitGuestLine,
  awaitInstance,
  deviceCondition,
  heldOf,
  lockLimitMiB,
  type NamedDevice,
  openBelow,
  pluggableMachine,
  setDevices,
  watchingKernel,
} from '../inside/plugging.ts';
import { qemuOf } from '../inside/qemu-threads.ts';

const edu: NamedDevice = { name: 'edu', deviceName: spareResources.edu.resourceName };
const card: NamedDevice = { name: 'card', deviceName: spareResources.gpu.resourceName };
const key: NamedDevice = { name: 'key', deviceName: 'qemu.org/keyboard' };
const usbFolder = '/dev/bus/usb';

/** As udev would. */
function giveUsbTo({ uid, gid }: OrdinaryUser): void {
  for (const bus of readdirSync(usbFolder)) {
    for (const device of readdirSync(path.join(usbFolder, bus))) chownSync(path.join(usbFolder, bus, device), uid, gid);
  }
}

/** Their reasons, each once. */
async function deviceEvents(core: CoreProcess, name: string): Promise<readonly string[]> {
  const { items } = (await core.request({ path: '/api/v1/namespaces/default/events' })) as {
    readonly items: readonly (KubeObject & { readonly reason: string; readonly involvedObject: { readonly name: string } })[];
  };
  const own = items.filter(({ reason, involvedObject }) => involvedObject.name === name && reason.includes('HostDevice'));
  return [...new Set(own.map(({ reason }) => reason))].toSorted();
}

/** A device is a machine's from the moment it is chosen: QEMU has it once memory may be locked for it. */
async function awaitPlugged(core: CoreProcess, name: string): Promise<void> {
  const until = performance.now() + 240_000;
  while (!(await deviceEvents(core, name)).includes('HostDevicePlugged')) {
    if (performance.now() > until) throw new Error(`nothing was plugged into ${name}`);
    await delay(500);
  }
}

const main: LabProgramMain = async (lab) => {
  const user = makeOrdinaryUser();
  giveUsbTo(user);
  let core = await startCore({ user });
  await reserveNothing(core);
  await permit(core, ['edu', 'gpu']);
  const usb = [{ resourceName: key.deviceName, selectors: [{ vendor: '0627', product: '0001' }] }];
  const body = { spec: { permittedHostDevices: { usb } } };
  await core.request({ method: 'PATCH', path: hyperConverged, body, contentType: 'application/merge-patch+json' });
  await core.request({ method: 'POST', path: machinesPath, body: pluggableMachine('silent') });
  await core.request({ method: 'POST', path: machinesPath, body: pluggableMachine('watching', watchingKernel) });
  for (const name of ['silent', 'watching']) await core.request({ method: 'PUT', path: verbPath(name, 'start') });
  for (const name of ['silent', 'watching']) await awaitPhase(core, name, 'Running');

  const address = addressOf('edu');
  await handOver(core, address);
  const before = lockLimitMiB(qemuOf('silent'));
  await setDevices(core, 'silent', [edu]);
  const plugged = await awaitInstance(core, 'silent', (vmi) => heldOf(vmi)['edu'] !== undefined && deviceCondition(vmi) === undefined);
  lab.report({ isIt: heldOf(plugged)['edu']?.[0] === address });
  await awaitPlugged(core, 'silent');

  // Its guest is firmware that found nothing to boot: nobody answers.
  await setDevices(core, 'silent', []);
  await awaitGuestLine(core, 'watching', /^WATCHING/);
  await setDevices(core, 'watching', [edu, key]);
  const waiting = await awaitInstance(core, 'watching', (vmi) => heldOf(vmi)['key'] !== undefined && deviceCondition(vmi) !== undefined);
  lab.report({
    waiting: deviceCondition(waiting)?.message,
    usb: [heldOf(waiting)['key']?.length, openBelow(usbFolder, qemuOf('watching')).length],
  });
  const kept = await awaitInstance(core, 'silent', (vmi) => deviceCondition(vmi)?.reason === 'DeviceNotReleased');
  const after = lockLimitMiB(qemuOf('silent'));
  lab.report({
    kept: deviceCondition(kept)?.message,
    still: heldOf(kept)['edu']?.length,
    raised: after > before,
    lockLimitMiB: after,
    events: await deviceEvents(core, 'silent'),
  });

  // With its machine the device goes, and the other one has waited for it.
  await core.request({ method: 'PUT', path: verbPath('silent', 'stop') });
  lab.report({
    came: await awaitGuestLine(core, 'watching', /^CAME 1234:/),
    edu: await awaitGuestLine(core, 'watching', /^EDU/),
    taken: await takeBack(core, address).then(
      () => 'taken back',
      (error: unknown) => String(error),
    ),
  });

  // Another core takes the machine over, and takes the devices out of it.
  await core.end('SIGKILL');
  core = await startCore({ user, folder: path.dirname(core.dataDir) });
  await setDevices(core, 'watching', []);
  await awaitInstance(core, 'watching', (vmi) => Object.keys(heldOf(vmi)).length === 0 && deviceCondition(vmi) === undefined);
  lab.report({
    went: await awaitGuestLine(core, 'watching', /^WENT/),
    usb: openBelow(usbFolder, qemuOf('watching')),
    events: await deviceEvents(core, 'watching'),
  });
  await takeBack(core, address);
  lab.report({ returned: driverOf(address) ?? null });
  lab.report(await cardOfTwo(core));
  await core.end();
};

/** A screen and its sound are one card: they come and go together. */
async function cardOfTwo(core: CoreProcess): Promise<object> {
  const screen = addressOf('gpu');
  const sound = screen.replace(/0$/, '1');
  await handOver(core, screen);
  await setDevices(core, 'watching', [card]);
  const came = await awaitGuestLine(core, 'watching', /^CAME 1234:1111/);
  const held = heldOf(await awaitInstance(core, 'watching', (vmi) => heldOf(vmi)['card'] !== undefined))['card'];
  await setDevices(core, 'watching', []);
  await awaitInstance(core, 'watching', (vmi) => Object.keys(heldOf(vmi)).length === 0 && deviceCondition(vmi) === undefined);
  const drivers = (): readonly (string | undefined)[] => [screen, sound].map((address) => driverOf(address));
  const free = drivers();
  await takeBack(core, screen);
  return { came, held: held?.map((address) => address.slice(-1)), free, returned: drivers().map((driver) => driver ?? null) };
}

export default main;
