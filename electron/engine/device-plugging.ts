// Owns putting devices of this computer into a running machine: the facts of the decision, the commands, and taking back what QEMU took in part.
// Must not choose a device or a place; core/qemu/device-plug.ts does.
import { AppError } from '../api/errors.ts';
import type { Json } from '../api/object.ts';
import { givenText } from '../core/devices/assignment.ts';
import { type DeviceBundle, devicePlug, type DeviceRefusal } from '../core/qemu/device-plug.ts';
import { romFiles } from '../core/qemu/devices/host-devices.ts';
import type { OpenDevice } from '../core/status/host-device-status.ts';
import { offeredNow } from './device-facts.ts';
import { askToLock, lockingAnswers, mayLock } from './device-locking.ts';
import { type DeviceSubject, type Held, hold, latest, release, sentencesOf, told, withHeld, without } from './device-subject.ts';
import type { Guest } from './machines.ts';
import { busOfPeripheral, orWasAsked, peripherals } from './peripherals.ts';
import { placedMachines } from './placed-machines.ts';
import { quotaFacts } from './quota-facts.ts';
import { textOf } from './queue.ts';

/**
 * While a machine waits for a device: the kernel tells of devices that come by messages that Node does not hear. All else wakes who is
 * told to wait: the allow list, a quota, a machine that lets go of a device, what QEMU tells. Who goes without an optional device is not.
 */
const againMs = 15_000;
/** What QEMU refused it mostly refuses again. */
const lastRetryMs = 300_000;
/** A card is reset, and all of the guest's memory locked, before QEMU answers. */
const plugMs = 120_000;

/** `names` of entries without a device, `ids` of what QEMU has. What is still open afterwards. */
export async function plugDevices(
  subject: DeviceSubject,
  names: readonly string[],
  ids: readonly string[],
): Promise<readonly OpenDevice[]> {
  const { context, memory } = subject;
  const now = context.clock.now();
  const { allowed, refused: unlocked } = lockingAnswers(subject);
  for (const { name, error } of unlocked) noteFailure(subject, name, asAppError(error));
  const wanted = [...names, ...allowed, ...unlocked.map(({ name }) => name)].filter((name) => !memory.left.has(name));
  const failed = wanted.filter((name) => (memory.failed.get(name)?.nextAt ?? 0) > now);
  const due = wanted.filter((name) => !failed.includes(name));
  const open = [
    ...names.filter((name) => memory.left.has(name)).map((name) => gaveBack(subject, name)),
    ...failed.map((name) => openAfterFailure(subject, name)),
  ];
  if (due.length > 0) {
    const { bundles, refused } = await decide(subject, due, ids);
    for (const one of refused) open.push(...openAfterRefusal(subject, one));
    for (const bundle of bundles) open.push(...(await plugBundle(subject, bundle)));
    if (refused.some(({ needsRestart }) => !needsRestart)) subject.lookAgain(now + againMs);
  }
  const times = wanted.flatMap((name) => memory.failed.get(name)?.nextAt ?? []).filter((at) => Number.isFinite(at));
  if (times.length > 0) subject.lookAgain(Math.min(...times));
  return open;
}

/** Who has what is written down before anybody else can look: two machines must not both be promised one device. */
async function decide(subject: DeviceSubject, names: readonly string[], ids: readonly string[]): Promise<ReturnType<typeof devicePlug>> {
  const { context, guest, memory } = subject;
  const { uid } = subject.vmi.metadata;
  const [host, unreadableFiles] = await Promise.all([
    context.hostFacts(),
    context.host.computer.unreadableFiles([...romFiles(subject.vmi)]),
  ]);
  const running = { ids, buses: await takenBuses(guest, ids) };
  // From here on without a pause. What waited for somebody's word is chosen anew: another device may be better by now.
  const waited = names.filter((name) => memory.locking.has(name));
  const vmi = withHeld(latest(subject), (held) => without(held, waited));
  const plug = devicePlug(vmi, names, {
    devices: offeredNow(context, host, uid),
    running,
    unreadableFiles,
    ...quotaFacts(context.store, vmi, placedMachines(context.store, uid)),
    accelerator: host.accelerator.inUse,
  });
  const given = plug.bundles.flatMap((bundle) => bundle.given);
  const lost = waited.filter((name) => given.every(({ asked }) => asked.name !== name));
  for (const name of lost) memory.locking.delete(name);
  if (given.length + lost.length > 0) hold(subject, (held) => ({ ...without(held, lost), ...(JSON.parse(givenText(given)) as Held) }));
  return plug;
}

/** Ports, and what is behind them: nothing else of a machine can be in the way of a card. */
async function takenBuses(guest: Guest, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const buses = new Set<string>();
  for (const id of ids.filter((each) => /^(?:disk-|host-|interface-|scsi0$)/.test(each))) {
    const bus = await busOfPeripheral(guest, id);
    if (bus !== undefined) buses.add(bus);
  }
  return buses;
}

async function plugBundle(subject: DeviceSubject, { names, commands, lockedMiB }: DeviceBundle): Promise<readonly OpenDevice[]> {
  const { context, guest, vmi, memory } = subject;
  if (lockedMiB !== undefined && !mayLock(subject, names, lockedMiB)) {
    askToLock(subject, names, lockedMiB);
    return [];
  }
  for (const name of names) memory.locking.delete(name);
  try {
    for (const { execute, arguments: args } of commands) await guest.machine.qmp(execute, args, plugMs);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const torn = await takenBack(
      guest,
      commands.flatMap(({ arguments: args }) => idOf(args?.['id'])),
      error,
    );
    for (const name of names) {
      noteFailure(subject, name, error);
      if (torn) memory.torn.add(name);
      else release(subject, name);
    }
    if (torn) subject.lookAgain(context.clock.now() + againMs);
    return names.map((name) => openAfterFailure(subject, name));
  }
  // Outside: what the store refuses is no word of QEMU.
  for (const name of names) {
    memory.failed.delete(name);
    context.events.record(vmi, { type: 'Normal', reason: 'HostDevicePlugged', message: `The device ${name} was plugged in.` });
  }
  return [];
}

function noteFailure({ context, memory }: DeviceSubject, name: string, error: AppError): void {
  const times = (memory.failed.get(name)?.times ?? 0) + 1;
  // Nobody is asked for a password twice for the same thing.
  const wait = error.code === 'Forbidden' ? Infinity : Math.min(againMs * 2 ** (times - 1), lastRetryMs);
  memory.failed.set(name, { sentences: failureSentences(name, error), times, nextAt: context.clock.now() + wait });
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  throw error;
}

/** Whether QEMU may have some of it still: then it is asked to lose it before anything else is done with it. */
async function takenBack(guest: Guest, tried: readonly string[], error: AppError): Promise<boolean> {
  // It has not answered, and may yet do what it was asked.
  if (error.code === 'QmpTimeout') return true;
  try {
    const left = (await peripherals(guest)).filter((id) => tried.includes(id));
    for (const id of left) await orWasAsked(() => guest.machine.qmp('device_del', { id }));
    return left.length > 0;
  } catch (failure) {
    if (!(failure instanceof AppError)) throw failure;
    // Nobody knows what it has: the next look does.
    return true;
  }
}

function failureSentences(name: string, error: AppError): readonly string[] {
  const known = error.causes.length > 0 ? sentencesOf(error.causes) : [`The device ${name} could not be plugged in: ${textOf(error)}`];
  return error.code === 'Forbidden' ? [...known, 'Take it out and put it in again to be asked again, or restart the machine.'] : known;
}

function idOf(id: Json | undefined): readonly string[] {
  return typeof id === 'string' ? [id] : [];
}

function gaveBack(subject: DeviceSubject, name: string): OpenDevice {
  const sentences = [
    `The guest gave the device ${name} back by itself.`,
    'Take it out of the machine and put it in again to give it back to the guest.',
  ];
  return told(subject, { name, reason: 'DeviceNotPlugged', sentences });
}

function openAfterFailure(subject: DeviceSubject, name: string): OpenDevice {
  return told(subject, { name, reason: 'DeviceNotPlugged', sentences: subject.memory.failed.get(name)?.sentences ?? [] });
}

function openAfterRefusal(subject: DeviceSubject, { name, causes, needsRestart, isOptional }: DeviceRefusal): readonly OpenDevice[] {
  if (isOptional) return [];
  // Causes tell of devices; this is whose they are.
  if (needsRestart) {
    const sentences = [`The device ${name} comes with the next start of the machine.`, ...sentencesOf(causes)];
    return [told(subject, { name, reason: 'RestartRequired', sentences })];
  }
  const sentences = [`The device ${name} could not be plugged in yet.`, ...sentencesOf(causes)];
  return [told(subject, { name, reason: 'DeviceNotPlugged', sentences })];
}
