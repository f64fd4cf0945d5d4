// Owns plugging disks into a running machine and out of it, until what runs is what its definition says.
// Must not decide what is plugged: the definition of the run does. Every step can be taken again after a kill of the core.
import { annotations } from '../api/annotations.ts';
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { Json, ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { LaunchFacts } from '../core/facts.ts';
import { blockNodesOf, diskDeviceId, isScsi, type PluggedDevices, plugPlan } from '../core/qemu/hotplug.ts';
import type { QmpCommand } from '../core/qemu/launch-plan.ts';
import { objectsIn } from '../core/qemu/objects-in.ts';
import { hotplugWork } from '../core/reconcile/hotplug-work.ts';
import { type HotplugPhase, withHotplugPhase, withoutVolumeRow } from '../core/status/volume-status.ts';
import type { EngineContext } from './context.ts';
import { gatherLaunchFacts, withPromises } from './launch-facts.ts';
import type { Guest } from './machines.ts';
import { busOfPeripheral, peripheralProperty, peripherals } from './peripherals.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

/** A disk may still come. */
const pending: ReadonlySet<string> = new Set(['VolumeImporting', 'DiskFull', 'ExceededQuota', 'FailedPvcNotFound']);

export interface Hotplug {
  /** Brings a running machine one look nearer to its definition. Never throws for a disk that cannot be had. */
  sync(key: ObjectKey, guest: Guest): Promise<void>;
  /** The run is over. */
  forget(uid: string): void;
}

// A guest that is up lets go within moments; one that boots, or has no driver, may never do.
const releaseMs = 30_000;
const closeRetryMs = 1_000;
const firstRetryMs = 5_000;
const lastRetryMs = 60_000;

interface Attempt {
  /** Milliseconds since 1970. */
  readonly nextAt: number;
  readonly times: number;
}

export function createHotplug(context: EngineContext): Hotplug {
  const { store, clock } = context;
  /** By uid and volume: when plugging is tried again, and when a guest should have let go. */
  const attempts = new Map<string, Attempt>();
  const id = (guest: Guest, name: string): string => `${guest.machine.vmi.uid}/${name}`;

  const plugLater = (guest: Guest, name: string): void => {
    const times = (attempts.get(id(guest, name))?.times ?? 0) + 1;
    const nextAt = clock.now() + Math.min(firstRetryMs * 2 ** (times - 1), lastRetryMs);
    attempts.set(id(guest, name), { nextAt, times });
    context.wakeAt(guest.key, nextAt);
  };

  const plugOne = async (vmi: VirtualMachineInstance, guest: Guest, name: string): Promise<void> => {
    const at = attempts.get(id(guest, name))?.nextAt ?? 0;
    const isWaiting = vmi.status?.volumeStatus?.find((row) => row.name === name)?.reason === 'FailedAttach';
    if (isWaiting && at > clock.now()) return context.wakeAt(guest.key, at);
    try {
      if (await plug(context, { vmi, guest, name })) attempts.delete(id(guest, name));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      notPlugged(context, { vmi, guest, name }, textOf(error));
      plugLater(guest, name);
    }
  };

  const unplugOne = async (vmi: VirtualMachineInstance, guest: Guest, name: string): Promise<void> => {
    if (await isReleased(guest, name)) {
      attempts.delete(id(guest, name));
      return await afterRelease(context, { vmi, guest, name });
    }
    const before = attempts.get(id(guest, name));
    if (before !== undefined && before.nextAt > clock.now()) return context.wakeAt(guest.key, before.nextAt);
    if (before !== undefined && before.times === 1) notReleased(context, { vmi, guest, name });
    if (before === undefined) writePhase(context, { key: guest.key, name }, { phase: 'Detaching' });
    const nextAt = clock.now() + releaseMs;
    attempts.set(id(guest, name), { nextAt, times: (before?.times ?? 0) + 1 });
    // A guest that has not heard of the first request may hear of the next: it has booted since.
    await askToRelease(guest, name);
    context.wakeAt(guest.key, nextAt);
    // SCSI disks are gone at once, without a word of the guest.
    if (await isReleased(guest, name)) await unplugOne(vmi, guest, name);
  };

  return {
    async sync(key, guest) {
      const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
      if (vmi === undefined) return;
      const { plug: missing, unplug: surplus } = hotplugWork(vmi);
      for (const name of surplus) await unplugOne(vmi, guest, name);
      for (const name of missing) await plugOne(vmi, guest, name);
    },
    forget(uid) {
      for (const key of attempts.keys()) if (key.startsWith(`${uid}/`)) attempts.delete(key);
    },
  };
}

interface Subject {
  readonly vmi: VirtualMachineInstance;
  readonly guest: Guest;
  readonly name: string;
}

/** False while its disk is still being made. Throws AppError with every cause when it cannot be had. */
async function plug(context: EngineContext, { vmi, guest, name }: Subject): Promise<boolean> {
  const { machine, key } = guest;
  const nodes = await nodeNames(guest);
  const plugged = await pluggedDevices(guest);
  if (plugged.ids.includes(diskDeviceId(name))) {
    writePhase(context, { key, name }, { phase: 'Ready' });
    return true;
  }
  const facts = await factsOf(context, vmi, { name, isOpen: nodes.includes(blockNodesOf(name)[0] ?? '') });
  const plan = plugPlan({ vmi, facts, name, plugged });
  const [first] = plan.causes;
  if (first !== undefined) {
    const message = plan.causes.map((cause) => cause.message).join(' ');
    if (plan.causes.every(({ reason }) => pending.has(reason))) {
      // The disk wakes us when it is there.
      writePhase(context, { key, name }, { phase: 'Pending', reason: 'VolumePending', message });
      return false;
    }
    throw new AppError('Conflict', message, { causes: plan.causes });
  }
  writePhase(context, { key, name }, { phase: 'AttachedToNode' });
  context.machines.reserveMore(vmi.metadata.uid, vmi.metadata.name, plan.locks);
  try {
    for (const command of plan.blocks) if (!nodes.includes(textIn(command.arguments?.['node-name']))) await send(guest, command);
    writePhase(context, { key, name }, { phase: 'MountedToPod' });
    for (const command of plan.devices) await send(guest, command);
  } catch (error) {
    await closeNodes(guest, name);
    context.machines.releasePaths(vmi.metadata.uid, plan.locks);
    throw error;
  }
  writePhase(context, { key, name }, { phase: 'Ready' });
  context.events.record(vmi, {
    type: 'Normal',
    reason: 'VolumeReady',
    message: `Successfully attach hotplugged volume ${name} to VM`,
  });
  context.log.info('A disk was plugged in.', { machine: machine.vmi.name, volume: name });
  return true;
}

/** Facts of this one volume. One that QEMU has open already is locked by itself. */
async function factsOf(
  context: EngineContext,
  vmi: VirtualMachineInstance,
  { name, isOpen }: { readonly name: string; readonly isOpen: boolean },
): Promise<LaunchFacts> {
  const volumes = (vmi.spec.volumes ?? []).filter((volume) => volume.name === name);
  const one = { ...vmi, spec: { ...vmi.spec, volumes } };
  const facts = withPromises(context, one, await gatherLaunchFacts(context, one));
  const fact = facts.volumes[name];
  if (!isOpen || fact?.state !== 'ready') return facts;
  const { lockedBy: _ourselves, ...free } = fact;
  return { ...facts, volumes: { [name]: free } };
}

function notPlugged(context: EngineContext, { vmi, guest, name }: Subject, message: string): void {
  const changed = writePhase(context, { key: guest.key, name }, { phase: 'Pending', reason: 'FailedAttach', message });
  if (changed) context.events.record(vmi, { type: 'Warning', reason: 'FailedAttachVolume', message: `${name}: ${message}` });
}

function notReleased(context: EngineContext, { vmi, guest, name }: Subject): void {
  const message =
    `The guest has not let go of volume ${name} within ${releaseMs / 1000} s: it may still be booting, or use the disk. ` +
    'It is asked again; unmount the disk in the guest, or stop the machine.';
  writePhase(context, { key: guest.key, name }, { phase: 'Detaching', message });
  context.events.record(vmi, { type: 'Warning', reason: 'FailedDetachVolume', message });
}

async function askToRelease(guest: Guest, name: string): Promise<void> {
  try {
    await guest.machine.qmp('device_del', { id: diskDeviceId(name) });
  } catch (error) {
    // Asked before and not answered yet, or gone in this very moment: what is there is looked at next.
    if (!(error instanceof AppError) || error.code !== 'QmpFailed') throw error;
  }
}

async function isReleased(guest: Guest, name: string): Promise<boolean> {
  return !(await peripherals(guest)).includes(diskDeviceId(name));
}

async function afterRelease(context: EngineContext, { vmi, guest, name }: Subject): Promise<void> {
  // Gone for the guest, not yet for QEMU, which says DEVICE_DELETED when it is: that wakes us, too.
  if (!(await closeNodes(guest, name))) return context.wakeAt(guest.key, context.clock.now() + closeRetryMs);
  const claim = vmi.status?.volumeStatus?.find((row) => row.name === name)?.persistentVolumeClaimInfo?.claimName;
  context.objects.change(guest.key, (object) => {
    const run = object as VirtualMachineInstance;
    const changed: VirtualMachineInstance = { ...run, status: withoutVolumeRow(run.status ?? {}, name) };
    return changed;
  });
  context.events.record(vmi, { type: 'Normal', reason: 'VolumeUnplugged', message: `Volume ${name} has been unplugged from the machine` });
  if (claim === undefined) return;
  const claimKey = { resource: resources.persistentVolumeClaims, namespace: guest.key.namespace ?? 'default', name: claim };
  const path = read(context.store, claimKey)?.metadata.annotations?.[annotations.diskPath];
  if (path !== undefined) context.machines.releasePaths(vmi.metadata.uid, [path]);
  context.wake(claimKey);
}

/** From the top down: a node that another one reads cannot go. False while QEMU still holds one. */
async function closeNodes(guest: Guest, name: string): Promise<boolean> {
  const open = await nodeNames(guest);
  try {
    for (const node of blockNodesOf(name)) if (open.includes(node)) await guest.machine.qmp('blockdev-del', { 'node-name': node });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'QmpFailed') return false;
    throw error;
  }
}

async function nodeNames(guest: Guest): Promise<readonly string[]> {
  const answer = await guest.machine.qmp('query-named-block-nodes', { flat: true });
  return objectsIn(answer).flatMap((node) => (typeof node['node-name'] === 'string' ? [node['node-name']] : []));
}

async function pluggedDevices(guest: Guest): Promise<PluggedDevices> {
  const ids = await peripherals(guest);
  const buses = new Map<string, string>();
  const scsiIds = new Map<string, number>();
  // Cards of this computer may have taken a port of a disk.
  for (const id of ids.filter((each) => /^(disk-|host-|scsi0$)/.test(each))) {
    const bus = (await busOfPeripheral(guest, id)) ?? '';
    buses.set(id, bus);
    if (id.startsWith('disk-') && isScsi(bus)) scsiIds.set(id, Number(await peripheralProperty(guest, id, 'scsi-id')));
  }
  return { ids, buses, scsiIds };
}

async function send(guest: Guest, { execute, arguments: args }: QmpCommand): Promise<void> {
  await guest.machine.qmp(execute, args);
}

function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** True when that changed anything. */
function writePhase(
  { objects: stored, store }: EngineContext,
  { key, name }: { readonly key: ObjectKey; readonly name: string },
  phase: HotplugPhase,
): boolean {
  const vmiKey = { ...key, resource: resources.virtualMachineInstances };
  const vmi = read(store, vmiKey);
  if (vmi === undefined) return false;
  const status = withHotplugPhase(vmi, name, phase);
  if (status === vmi.status) return false;
  stored.change(vmiKey, () => ({ ...vmi, status }));
  return true;
}
