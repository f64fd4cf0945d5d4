// Owns plugging devices of this computer into a running machine and out of it, until what runs is what its run says.
// Must not choose a device or a place; core/qemu/device-plug.ts does. Every step can be taken again after a kill of the core.
import { annotations } from '../api/annotations.ts';
import { AppError, type Cause } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../api/lifecycle.ts';
import type { Json, ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { givenText, heldByName } from '../core/devices/assignment.ts';
import { type DeviceBundle, devicePlug, type DeviceRefusal } from '../core/qemu/device-plug.ts';
import { type DeviceWork, deviceWork, lostDevices } from '../core/qemu/device-unplug.ts';
import { romFiles } from '../core/qemu/devices/host-devices.ts';
import { deviceEntries } from '../core/reconcile/device-sync.ts';
import { type OpenDevice, waitsForDevices } from '../core/status/host-device-status.ts';
import type { EngineContext } from './context.ts';
import { offeredNow } from './device-facts.ts';
import type { Guest } from './machines.ts';
import { busOfPeripheral, orWasAsked, peripherals } from './peripherals.ts';
import { quotaFacts } from './quota-facts.ts';
import { textOf } from './queue.ts';
import { read, readAll } from './typed.ts';
import { applyFact } from './vmi-facts.ts';

export interface DeviceHotplug {
  /** Brings a running machine one look nearer to its run. Never throws for a device that cannot be had. */
  sync(key: ObjectKey, guest: Guest): Promise<void>;
  /** The run is over. */
  forget(uid: string): void;
}

/** A guest that is up lets go of a card within moments; one that boots, or has no driver, may never do. It is asked again then. */
const releaseMs = 30_000;
/**
 * While a machine waits for a device: the kernel tells of devices that come by messages that an ordinary program does not hear. All else
 * wakes us: the allow list, a machine that lets go of a device, what QEMU tells.
 */
const againMs = 15_000;
/** What QEMU refused it mostly refuses again. */
const lastRetryMs = 300_000;
/** A card is reset, and all of the guest's memory locked, before QEMU answers. */
const plugMs = 120_000;

/** What is remembered between two looks, of one run. */
interface Memory {
  /** By name: when the guest was asked to let go of it first, and last, in milliseconds since 1970. */
  readonly asked: Map<string, { readonly since: number; readonly last: number }>;
  /** By name: what QEMU or the administrator said to it, and when it is tried again. */
  readonly failed: Map<string, { readonly message: string; readonly times: number; readonly nextAt: number }>;
  /** Of those, what QEMU has in part, and has to lose before it is tried again. */
  readonly torn: Set<string>;
  /** Names that the guest gave back by itself: it need not have them again in this run. */
  readonly left: Set<string>;
  /** By name: what was said last, however often it is found. */
  readonly told: Map<string, string>;
}

interface Subject {
  readonly context: EngineContext;
  readonly vmi: VirtualMachineInstance;
  readonly guest: Guest;
  readonly memory: Memory;
}

/** What of a run is looked at here: while it stays the same, and QEMU tells nothing, there is nothing to do. */
function devicesText(vmi: VirtualMachineInstance): string {
  return JSON.stringify([deviceEntries(vmi), vmi.metadata.annotations?.[annotations.hostDevices]]);
}

export function createDeviceHotplug(context: EngineContext): DeviceHotplug {
  const memories = new Map<string, Memory>();
  return {
    async sync(key, guest) {
      const vmi = read(context.store, { ...key, resource: resources.virtualMachineInstances });
      if (vmi === undefined || guest.stop !== undefined || guest.isBeingSaved) return;
      const text = devicesText(vmi);
      if (guest.hostDevices === text) return;
      const { uid } = vmi.metadata;
      const before = memories.get(uid);
      const memory = before ?? newMemory();
      memories.set(uid, memory);
      if (deviceEntries(vmi).length === 0 && Object.keys(heldByName(vmi)).length === 0 && !waitsForDevices(vmi)) {
        guest.hostDevices = text;
        return;
      }
      forgetNames(memory, vmi);
      await syncAll({ context, vmi, guest, memory }, { isFirst: before === undefined });
    },
    forget: (uid) => void memories.delete(uid),
  };
}

function newMemory(): Memory {
  return { asked: new Map(), failed: new Map(), torn: new Set(), left: new Set(), told: new Map() };
}

/** Who takes a name out and puts it in again wants another try. */
function forgetNames(memory: Memory, vmi: VirtualMachineInstance): void {
  const names = new Set([...deviceEntries(vmi).map(({ name }) => name), ...Object.keys(heldByName(vmi))]);
  for (const part of Object.values(memory) as readonly (Map<string, unknown> | Set<string>)[]) {
    for (const name of part.keys()) if (!names.has(name)) part.delete(name);
  }
}

async function syncAll(subject: Subject, { isFirst }: { readonly isFirst: boolean }): Promise<void> {
  const { context, guest, memory } = subject;
  const ids = await peripherals(guest);
  noteLost(subject, ids, isFirst);
  const work = deviceWork(latest(subject), ids, memory.torn);
  const open: OpenDevice[] = [];
  for (const { name, cause } of work.stays) open.push(told(subject, { name, reason: 'RestartRequired', sentences: sentencesOf([cause]) }));
  for (const leaving of work.unplug) open.push(...(await unplugOne(subject, leaving)));
  open.push(...(await plugAll({ ...subject, vmi: latest(subject) }, work, ids)));
  const { key } = guest;
  applyFact(context, key, { type: 'HostDevices', open });
  const after = latest(subject);
  const isDone = Object.keys(heldByName(after)).every((name) => !memory.asked.has(name)) && open.length === 0;
  const waits = deviceEntries(after).some(({ name }) => heldByName(after)[name] === undefined);
  guest.hostDevices = isDone && !waits ? devicesText(after) : undefined;
  for (const name of memory.told.keys()) if (open.every((one) => one.name !== name)) memory.told.delete(name);
}

function latest({ context, vmi, guest }: Subject): VirtualMachineInstance {
  return read(context.store, { ...guest.key, resource: resources.virtualMachineInstances }) ?? vmi;
}

/** Says once what keeps a device from coming or going. */
function told({ context, vmi, memory }: Subject, open: OpenDevice): OpenDevice {
  const { name, reason, sentences } = open;
  const message = sentences.join(' ');
  if (memory.told.get(name) === message) return open;
  memory.told.set(name, message);
  const event = reason === 'DeviceNotReleased' ? 'FailedHostDeviceUnplug' : 'FailedHostDevicePlug';
  context.events.record(vmi, { type: 'Warning', reason: event, message });
  return open;
}

function sentencesOf(causes: readonly Cause[]): readonly string[] {
  return causes.flatMap(({ message, fix }) => (fix === undefined ? [message] : [message, fix]));
}

/**
 * What is written down and QEMU does not have: at the first look, the core was killed before QEMU knew, and it is plugged in now; later,
 * the guest gave it back without being asked, and is not given it again.
 */
function noteLost(subject: Subject, ids: readonly string[], isFirst: boolean): void {
  const { context, guest, vmi, memory } = subject;
  const wanted = new Set(deviceEntries(vmi).map(({ name }) => name));
  for (const name of lostDevices(vmi, ids)) {
    if (!wanted.has(name) || memory.torn.has(name)) continue;
    hold(context, guest, (held) => without(held, name));
    if (!isFirst) memory.left.add(name);
  }
}

// ---------------------------------------------------------------- out of it

async function unplugOne(subject: Subject, { name, ids }: DeviceWork['unplug'][number]): Promise<readonly OpenDevice[]> {
  const { context, guest, vmi, memory } = subject;
  const before = memory.asked.get(name);
  const now = context.clock.now();
  if (ids.length > 0 && (before === undefined || now >= before.last + releaseMs)) {
    for (const id of ids) guest.keptDevices.delete(id);
    // A guest that has not heard of the first request may hear of the next: it has booted since.
    for (const id of ids) await orWasAsked(() => guest.machine.qmp('device_del', { id }));
    memory.asked.set(name, { since: before?.since ?? now, last: now });
    // USB devices are gone at once, without a word of the guest.
    const left = await peripherals(guest);
    return await unplugOne(subject, { name, ids: ids.filter((id) => left.includes(id)) });
  }
  if (ids.length === 0) {
    memory.asked.delete(name);
    hold(context, guest, (held) => without(held, name));
    const wasTorn = memory.torn.delete(name);
    if (!wasTorn)
      context.events.record(vmi, { type: 'Normal', reason: 'HostDeviceUnplugged', message: `The device ${name} was taken out.` });
    return [];
  }
  context.wakeAt(guest.key, (before?.last ?? now) + releaseMs);
  const isKept = ids.some((id) => guest.keptDevices.has(id));
  if (!isKept && now < (before?.since ?? now) + releaseMs) return [];
  const why = isKept
    ? `The guest refuses to let go of the device ${name}: it is still in the guest.`
    : `The guest has not let go of the device ${name} within ${releaseMs / 1000} s: it is still in the guest, which may be booting, or use it.`;
  const advice = 'It is asked again. Take the device out of use in the guest, or stop the machine.';
  return [told(subject, { name, reason: 'DeviceNotReleased', sentences: [why, advice] })];
}

// ---------------------------------------------------------------- into it

async function plugAll(subject: Subject, { plug }: DeviceWork, ids: readonly string[]): Promise<readonly OpenDevice[]> {
  const { context, guest, memory } = subject;
  const now = context.clock.now();
  const wanted = plug.filter((name) => !memory.left.has(name));
  const failed = wanted.filter((name) => (memory.failed.get(name)?.nextAt ?? 0) > now);
  const due = wanted.filter((name) => !failed.includes(name));
  const open = [
    ...plug.filter((name) => memory.left.has(name)).map((name) => gaveBack(subject, name)),
    ...failed.map((name) => openAfterFailure(subject, name)),
  ];
  if (due.length > 0) {
    const { bundles, refused } = await decide(subject, due, ids);
    for (const one of refused) open.push(...openAfterRefusal(subject, one));
    for (const bundle of bundles) open.push(...(await plugBundle(subject, bundle)));
    if (refused.length > 0) context.wakeAt(guest.key, now + againMs);
  }
  const times = wanted.flatMap((name) => memory.failed.get(name)?.nextAt ?? []).filter((at) => Number.isFinite(at));
  if (times.length > 0) context.wakeAt(guest.key, Math.min(...times));
  return open;
}

/** Who has what is written down before anybody else can look: two machines must not both be promised one device. */
async function decide(
  { context, vmi, guest }: Subject,
  names: readonly string[],
  ids: readonly string[],
): Promise<ReturnType<typeof devicePlug>> {
  const [host, hostDevices, lockLimitBytes, unreadableFiles] = await Promise.all([
    context.hostFacts(),
    context.host.devices.facts(),
    context.host.devices.lockLimitBytes(),
    context.host.computer.unreadableFiles([...romFiles(vmi)]),
  ]);
  const running = { ids, buses: await takenBuses(guest, ids) };
  const { uid } = vmi.metadata;
  const others = readAll(context.store, resources.virtualMachineInstances).filter(
    (other) => other.metadata.uid !== uid && ['Scheduled', 'Running'].includes(phaseOf(other)),
  );
  const now = { ...host, hostDevices, ...(lockLimitBytes === undefined ? {} : { lockLimitBytes }) };
  const plug = devicePlug(vmi, names, {
    devices: offeredNow(context, now, uid),
    running,
    unreadableFiles,
    ...quotaFacts(context.store, vmi, others),
    accelerator: host.accelerator.inUse,
  });
  const given = plug.bundles.flatMap((bundle) => bundle.given);
  if (given.length > 0) hold(context, guest, (held) => ({ ...held, ...(JSON.parse(givenText(given)) as Held) }));
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

async function plugBundle(subject: Subject, { names, commands, lockedMiB }: DeviceBundle): Promise<readonly OpenDevice[]> {
  const { context, guest, vmi, memory } = subject;
  try {
    if (lockedMiB !== undefined) await context.host.devices.allowLocking(lockedMiB * 1024 ** 2, guest.machine.pid);
    for (const { execute, arguments: args } of commands) await guest.machine.qmp(execute, args, plugMs);
    for (const name of names) {
      memory.failed.delete(name);
      context.events.record(vmi, { type: 'Normal', reason: 'HostDevicePlugged', message: `The device ${name} was plugged in.` });
    }
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const now = context.clock.now();
    const tried = commands.flatMap(({ arguments: args }) => idOf(args?.['id']));
    const left = (await peripherals(guest)).filter((id) => tried.includes(id));
    for (const id of left) await orWasAsked(() => guest.machine.qmp('device_del', { id }));
    for (const name of names) {
      const times = (memory.failed.get(name)?.times ?? 0) + 1;
      // Nobody is asked for a password twice for the same thing.
      const wait = error.code === 'Forbidden' ? Infinity : Math.min(againMs * 2 ** (times - 1), lastRetryMs);
      memory.failed.set(name, { message: textOf(error), times, nextAt: now + wait });
      if (left.length > 0) memory.torn.add(name);
      else hold(context, guest, (held) => without(held, name));
    }
    context.wakeAt(guest.key, now + againMs);
    return names.map((name) => openAfterFailure(subject, name));
  }
}

function idOf(id: Json | undefined): readonly string[] {
  return typeof id === 'string' ? [id] : [];
}

function gaveBack(subject: Subject, name: string): OpenDevice {
  const sentences = [
    `The guest gave the device ${name} back by itself.`,
    'Take it out of the machine and put it in again to give it back to the guest.',
  ];
  return told(subject, { name, reason: 'DeviceNotPlugged', sentences });
}

function openAfterFailure(subject: Subject, name: string): OpenDevice {
  const { message = '', nextAt = 0 } = subject.memory.failed.get(name) ?? {};
  const advice = nextAt === Infinity ? ['Take it out and put it in again to be asked again, or restart the machine.'] : [];
  const sentences = [`The device ${name} could not be plugged in: ${message}`, ...advice];
  return told(subject, { name, reason: 'DeviceNotPlugged', sentences });
}

function openAfterRefusal(subject: Subject, { name, causes, needsRestart, isOptional }: DeviceRefusal): readonly OpenDevice[] {
  if (isOptional) return [];
  const reason = needsRestart ? 'RestartRequired' : 'DeviceNotPlugged';
  return [told(subject, { name, reason, sentences: sentencesOf(causes) })];
}

// ---------------------------------------------------------------- who has which

type Held = Readonly<Record<string, readonly string[]>>;

function without(held: Held, name: string): Held {
  return Object.fromEntries(Object.entries(held).filter(([one]) => one !== name));
}

function hold({ objects }: EngineContext, { key }: Guest, change: (held: Held) => Held): void {
  objects.change({ ...key, resource: resources.virtualMachineInstances }, (object) => {
    const vmi = object as VirtualMachineInstance;
    const text = JSON.stringify(change(heldByName(vmi)));
    return { ...vmi, metadata: { ...vmi.metadata, annotations: { ...vmi.metadata.annotations, [annotations.hostDevices]: text } } };
  });
}
