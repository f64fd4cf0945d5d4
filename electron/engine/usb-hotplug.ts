// Owns plugging USB devices of this computer into a running machine and out of it, until what runs is what its run says.
// Must not decide which it has; its definition does. Every step can be taken again after a kill of the core.
import { annotations } from '../api/annotations.ts';
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { Json, JsonObject, ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { assignDevices, type GivenDevice, givenText, heldBy, heldByName, usbPortsOf } from '../core/devices/assignment.ts';
import { usbNames } from '../core/devices/permitted.ts';
import { hostDeviceId, usbArguments } from '../core/qemu/devices/host-devices.ts';
import { type UsbWork, usbWork } from '../core/reconcile/usb-sync.ts';
import type { EngineContext } from './context.ts';
import { offeredNow, permittedHostDevices } from './device-facts.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

export interface UsbHotplug {
  /** Brings a running machine one look nearer to its run. Never throws for a device that cannot be had. */
  sync(key: ObjectKey, guest: Guest): Promise<void>;
  /** The run is over. */
  forget(uid: string): void;
}

/** QEMU lets go of USB at once; what takes longer is told of, and asked for again. */
const releaseMs = 30_000;
/** A device that is not there may be plugged into this computer at any time. */
const againMs = 15_000;

interface Subject {
  readonly context: EngineContext;
  readonly vmi: VirtualMachineInstance;
  readonly guest: Guest;
}

/** What is remembered between two looks, by uid. */
interface Memory {
  /** By name: when it was asked to go, in milliseconds since 1970. */
  readonly asked: Map<string, number>;
  /** Why something cannot be had: said once, however often it is looked for. */
  refusal: string;
}

export function createUsbHotplug(context: EngineContext): UsbHotplug {
  const memories = new Map<string, Memory>();
  return {
    async sync(key, guest) {
      const vmi = read(context.store, { ...key, resource: resources.virtualMachineInstances });
      if (vmi === undefined || guest.stop !== undefined) return;
      const { uid } = vmi.metadata;
      const isFirst = !memories.has(uid);
      const memory = memories.get(uid) ?? { asked: new Map<string, number>(), refusal: '' };
      memories.set(uid, memory);
      const subject: Subject = { context, vmi, guest };
      if (isFirst) await forgetWhatNeverCame(subject);
      const { plug, unplug } = usbWork(vmi, usbNames(permittedHostDevices(context)));
      for (const leaving of unplug) await unplugOne(subject, leaving, memory.asked);
      if (plug.length > 0) await plugAll(subject, plug, memory);
    },
    forget: (uid) => void memories.delete(uid),
  };
}

/** The core was killed after it had written down who has a device, and before QEMU knew: it is plugged in at the next look. */
async function forgetWhatNeverCame({ context, vmi, guest }: Subject): Promise<void> {
  for (const [name, one] of Object.entries(heldByName(vmi))) {
    const ids = usbPortsOf(one).map((_port, index) => hostDeviceId(name, index));
    if (ids.length > 0 && (await present(guest, ids)).length === 0) hold(context, guest, (held) => without(held, name));
  }
}

async function unplugOne(
  { context, vmi, guest }: Subject,
  { name, ports }: UsbWork['unplug'][number],
  asked: Map<string, number>,
): Promise<void> {
  const id = `${vmi.metadata.uid}/${name}`;
  const ids = ports.map((_port, index) => hostDeviceId(name, index));
  const now = context.clock.now();
  const since = asked.get(id);
  const isDue = since === undefined || now >= since + releaseMs;
  if (isDue) {
    for (const one of await present(guest, ids)) await orWasAsked(() => guest.machine.qmp('device_del', { id: one }));
    asked.set(id, now);
  }
  if ((await present(guest, ids)).length === 0) {
    asked.delete(id);
    hold(context, guest, (held) => without(held, name));
    context.events.record(vmi, { type: 'Normal', reason: 'HostDeviceUnplugged', message: `The USB device ${name} was taken out.` });
    return;
  }
  if (isDue && since !== undefined) {
    const message = `The machine has not let go of the USB device ${name} yet; it is asked again.`;
    context.events.record(vmi, { type: 'Warning', reason: 'FailedHostDeviceUnplug', message });
  }
  context.wakeAt(guest.key, (asked.get(id) ?? now) + releaseMs);
}

async function plugAll(subject: Subject, plug: UsbWork['plug'], memory: Memory): Promise<void> {
  const { context, vmi, guest } = subject;
  const host = { ...(await context.hostFacts()), hostDevices: await context.host.devices.facts() };
  const { uid, name: self, namespace = 'default' } = vmi.metadata;
  const facts = offeredNow(context, host, uid);
  const own = heldBy(vmi).map((device) => [device, `${namespace}/${self}`] as const);
  const devices = { ...vmi.spec.domain.devices, gpus: [], hostDevices: [...plug] };
  const asking = { ...vmi, spec: { ...vmi.spec, domain: { ...vmi.spec.domain, devices } } };
  const { given, causes } = assignDevices(asking, { ...facts, held: new Map([...facts.held, ...own]) });
  const refusal = causes.map(({ message }) => message).join(' ');
  if (refusal !== '' && refusal !== memory.refusal) {
    context.events.record(vmi, { type: 'Warning', reason: 'FailedHostDevicePlug', message: refusal });
  }
  memory.refusal = refusal;
  for (const one of given) await plugOne(subject, one);
  if (given.length < plug.length) context.wakeAt(guest.key, context.clock.now() + againMs);
}

/** Who has it is written down before QEMU is told: whoever looks next sees it. */
async function plugOne({ context, vmi, guest }: Subject, given: GivenDevice): Promise<void> {
  const { name } = given.asked;
  hold(context, guest, (held) => ({ ...held, ...(JSON.parse(givenText([given])) as Held) }));
  try {
    for (const { value } of usbArguments(given)) if (typeof value === 'object') await guest.machine.qmp('device_add', value);
    context.events.record(vmi, { type: 'Normal', reason: 'HostDevicePlugged', message: `The USB device ${name} was plugged in.` });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const ids = given.grant.devices.map((_device, index) => hostDeviceId(name, index));
    for (const id of await present(guest, ids)) await orWasAsked(() => guest.machine.qmp('device_del', { id }));
    hold(context, guest, (held) => without(held, name));
    context.events.record(vmi, { type: 'Warning', reason: 'FailedHostDevicePlug', message: textOf(error) });
    context.wakeAt(guest.key, context.clock.now() + againMs);
  }
}

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

/** QEMU refuses when it was asked before, or there is no such thing any more. What is there is looked at next. */
async function orWasAsked(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'QmpFailed') throw error;
  }
}

async function present({ machine }: Guest, ids: readonly string[]): Promise<readonly string[]> {
  const answer = await machine.qmp('qom-list', { path: '/machine/peripheral' });
  const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
  const names = Array.isArray(answer) ? answer.filter(isObject).map(({ name }) => name) : [];
  return ids.filter((id) => names.includes(id));
}
