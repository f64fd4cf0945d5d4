// Owns what plugging in and out share of one run: whom it is about, what is remembered between two looks, what is said, who has which device.
// Must not talk to QEMU.
import { annotations } from '../api/annotations.ts';
import type { Cause } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { resources } from '../api/resources.ts';
import { heldByName } from '../core/devices/assignment.ts';
import { deviceEntries } from '../core/reconcile/device-sync.ts';
import type { OpenDevice } from '../core/status/host-device-status.ts';
import type { EngineContext } from './context.ts';
import type { Locking } from './device-locking.ts';
import type { Guest } from './machines.ts';
import { read } from './typed.ts';

/** What is remembered between two looks, of one run. */
export interface DeviceMemory {
  /** By name: when the guest was asked to let go of it first, and last, in milliseconds since 1970. */
  readonly asked: Map<string, { readonly since: number; readonly last: number }>;
  /** By name: what QEMU or the administrator said to it, and when it is tried again. */
  readonly failed: Map<string, { readonly sentences: readonly string[]; readonly times: number; readonly nextAt: number }>;
  /** Of those, what QEMU has in part, and has to lose before it is tried again. */
  readonly torn: Set<string>;
  /** By name: what may be locked is being asked for; the device is the machine's already, and QEMU knows nothing of it. */
  readonly locking: Map<string, Locking>;
  /** Names that the guest gave back by itself: it need not have them again in this run. */
  readonly left: Set<string>;
  /** By name: what was said last, however often it is found. */
  readonly told: Map<string, string>;
}

export interface DeviceSubject {
  readonly context: EngineContext;
  readonly vmi: VirtualMachineInstance;
  readonly guest: Guest;
  readonly memory: DeviceMemory;
  /** No later than then: milliseconds since 1970. */
  readonly lookAgain: (at: number) => void;
}

export function newDeviceMemory(): DeviceMemory {
  return { asked: new Map(), failed: new Map(), torn: new Set(), locking: new Map(), left: new Set(), told: new Map() };
}

/** Who takes a name out and puts it in again wants another try. */
export function forgetNames(memory: DeviceMemory, vmi: VirtualMachineInstance): void {
  const names = new Set([...deviceEntries(vmi).map(({ name }) => name), ...Object.keys(heldByName(vmi))]);
  for (const part of Object.values(memory) as readonly (Map<string, unknown> | Set<string>)[]) {
    for (const name of part.keys()) if (!names.has(name)) part.delete(name);
  }
}

export function latest({ context, vmi, guest }: DeviceSubject): VirtualMachineInstance {
  return read(context.store, { ...guest.key, resource: resources.virtualMachineInstances }) ?? vmi;
}

/** Says once what keeps a device from coming or going. */
export function told({ context, vmi, memory }: DeviceSubject, open: OpenDevice): OpenDevice {
  const { name, reason, sentences } = open;
  const message = sentences.join(' ');
  if (memory.told.get(name) === message) return open;
  memory.told.set(name, message);
  const event = reason === 'DeviceNotReleased' ? 'FailedHostDeviceUnplug' : 'FailedHostDevicePlug';
  context.events.record(vmi, { type: 'Warning', reason: event, message });
  return open;
}

export function sentencesOf(causes: readonly Cause[]): readonly string[] {
  return causes.flatMap(({ message, fix }) => (fix === undefined ? [message] : [message, fix]));
}

export type Held = Readonly<Record<string, readonly string[]>>;

/** Whoever looks next sees it. */
export function release(subject: DeviceSubject, name: string): void {
  hold(subject, (held) => without(held, [name]));
}

export function without(held: Held, names: readonly string[]): Held {
  return Object.fromEntries(Object.entries(held).filter(([name]) => !names.includes(name)));
}

export function hold({ context: { objects }, guest: { key } }: DeviceSubject, change: (held: Held) => Held): void {
  const vmiKey = { ...key, resource: resources.virtualMachineInstances };
  objects.change(vmiKey, (object) => withHeld(object as VirtualMachineInstance, change));
}

export function withHeld(vmi: VirtualMachineInstance, change: (held: Held) => Held): VirtualMachineInstance {
  const text = JSON.stringify(change(heldByName(vmi)));
  return { ...vmi, metadata: { ...vmi.metadata, annotations: { ...vmi.metadata.annotations, [annotations.hostDevices]: text } } };
}
