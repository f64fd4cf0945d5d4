// Owns suspending a machine to disk, going on from there, and discarding what was saved.
// Must not start or end QEMU: the controllers do, by what is written down here.
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { conflictText, isFinal, machineState, phaseOf, suspendRefusal } from '../api/lifecycle.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { processorsWerePlugged, suspendHindrances } from '../api/state-hindrances.ts';
import { wished } from '../core/reconcile/intent.ts';
import { stateOwnerOf, type VmiDraft } from '../core/reconcile/vmi-of-vm.ts';
import {
  resumedRun,
  savedRunRevision,
  type SavedRun,
  savedStateAt,
  savedStateOf,
  savedStateTag,
  withSavedState,
} from '../core/snapshots/saved-state.ts';
import type { EngineContext } from './context.ts';
import type { WriteOptions } from './engine-port.ts';
import { claimNames } from './launch-facts.ts';
import type { Guest } from './machines.ts';
import { recordUpdate } from './ownership.ts';
import { textOf } from './queue.ts';
import { notFound } from './removal.ts';
import { record } from './revisions.ts';
import { forgetRunning, forgetSnapshot, hindrancesNow, processorsPluggedInto, refuse, saveRunning, subjectOf } from './snapshot-taking.ts';
import { read, readAll } from './typed.ts';
import { guestOf } from './verbs.ts';
import { applyFact } from './vmi-facts.ts';

type Options = Pick<WriteOptions, 'dryRun' | 'manager'>;

/**
 * Resolves when its memory is on disk and its end is asked for. Throws NotFound, Conflict, and Invalid with every cause why it cannot be.
 * Killed in the middle it leaves a machine that stands still, and goes on when it is told to.
 */
export async function suspendToDisk(context: EngineContext, key: ObjectKey, options: Options = {}): Promise<void> {
  const { vm, vmi } = pair(context, key);
  const message = suspendRefusal(machineState(vm, vmi));
  if (message !== undefined || vmi === undefined) throw conflict(key, message ?? 'VMI is not running');
  const guest = guestOf(context, vmi);
  const plugged = (await processorsPluggedInto(guest.machine, vmi)) === 0 ? [] : [processorsWerePlugged];
  refuse([...suspendHindrances(vmi), ...plugged, ...(await hindrancesNow(guest.machine))]);
  if (options.dryRun === true) return;
  if (guest.isBeingSaved) throw conflict(key, 'it is being suspended already');
  guest.isBeingSaved = true;
  applyFact(context, guest.key, { type: 'Suspends', on: true });
  try {
    // What an attempt that was broken off has left.
    await forgetRunning(guest.machine, savedStateTag);
    await saveRunning(context, { guest, tag: savedStateTag, thenStand: true });
    await written(context, { key, guest, options });
  } catch (error) {
    applyFact(context, guest.key, { type: 'Suspends', on: false });
    throw error;
  } finally {
    guest.isBeingSaved = false;
  }
}

interface Saved {
  readonly key: ObjectKey;
  readonly guest: Guest;
  readonly options: Options;
}

/** That it is saved, and that it is to end, in one transaction. It stands still: whatever fails lets it go on. */
async function written(context: EngineContext, { key, guest, options }: Saved): Promise<void> {
  const { store, objects, clock, events } = context;
  try {
    store.transaction((tx) => {
      const { vm, vmi } = pair(context, key);
      if (vmi?.metadata.uid !== guest.machine.vmi.uid) throw conflict(key, 'it was stopped meanwhile');
      const state = savedStateAt(vm, clock.now());
      const revisionKey = { resource: resources.controllerRevisions, namespace: key.namespace ?? 'default', name: state.revision };
      if (tx.get(revisionKey) !== undefined) tx.remove(revisionKey);
      objects.create({ resource: resources.controllerRevisions, namespace: revisionKey.namespace }, savedRunRevision(vm, vmi, state), {
        byCore: true,
      });
      const stopped = withSavedState(wished('stop', { vm, vmi, options: {} }), state);
      const after = tx.replace(resources.virtualMachines, stopped);
      const vmKey = { ...key, resource: resources.virtualMachines };
      record(tx, clock, { operation: 'stop', key: vmKey, before: vm, after, options });
      recordUpdate(tx, vmKey, { before: vm, after: { ...stopped }, manager: 'virt-api', now: clock.now() });
      // Nobody is there to be asked to shut down.
      tx.replace(resources.virtualMachineInstances, { ...vmi, spec: { ...vmi.spec, terminationGracePeriodSeconds: 0 } });
      events.record(vm, { type: 'Normal', reason: 'SuspendedToDisk', message: 'The machine was suspended to disk.' });
    });
  } catch (error) {
    await guest.machine.qmp('cont');
    throw error;
  }
}

/** What the next run is made of, when there is a saved state. */
export function runOfSavedState({ store }: EngineContext, vm: VirtualMachine, options: { readonly paused: boolean }): VmiDraft | undefined {
  const state = savedStateOf(vm);
  if (state === undefined) return undefined;
  const { namespace = 'default' } = vm.metadata;
  const revision = read(store, { resource: resources.controllerRevisions, namespace, name: state.revision });
  return revision === undefined ? undefined : resumedRun(vm, revision.data as SavedRun, options);
}

/** What it wrote is needed when it goes on. */
export function isSuspended(context: EngineContext, vmi: VirtualMachineInstance): boolean {
  const vm = machineOf(context, vmi);
  return vm !== undefined && savedStateOf(vm) !== undefined;
}

/** In the transaction that writes down that the guest runs: from its first instruction on, what was saved is of the past. */
export function forgetSavedState(context: EngineContext, vmi: VirtualMachineInstance): void {
  const vm = machineOf(context, vmi);
  if (vm !== undefined) dropRecord(context, vm);
}

/** The room in the images. A failure leaves it to the next time that the machine is suspended. */
export async function freeSavedState(context: EngineContext, guest: Guest): Promise<void> {
  try {
    await forgetRunning(guest.machine, savedStateTag);
    await context.host.machines.tpmCopy(guest.stateOwner, 'forget', savedStateTag);
  } catch (error) {
    context.log.warn('What a machine was suspended to could not be freed', { machine: guest.machine.vmi.name, error: textOf(error) });
  }
}

/** The start failed by it: it is said until somebody discards it, or it works. */
export function noteBrokenState(context: EngineContext, vmi: VirtualMachineInstance, message: string): void {
  const vm = machineOf(context, vmi);
  const state = vm === undefined ? undefined : savedStateOf(vm);
  if (vm === undefined || state === undefined) return;
  context.objects.change(keyOf(vm), (object) => withSavedState(object as VirtualMachine, { ...state, broken: message }));
}

/** Throws Conflict for the disk of a machine that is suspended on it: what would go on without it is not the machine that was suspended. */
export function refuseWhileSuspendedOn(context: EngineContext, key: ObjectKey): void {
  if (key.resource !== resources.persistentVolumeClaims && key.resource !== resources.dataVolumes) return;
  const [machine] = suspendedOn(context, key);
  if (machine === undefined) return;
  const message = `The machine ${machine} is suspended to disk, and its disk ${key.name} is part of that.`;
  throw new AppError('Conflict', message, {
    causes: [
      { reason: 'DiskOfSavedState', field: '', message, fix: 'Start the machine, or discard its saved state, and delete the disk then.' },
    ],
  });
}

/** Names of the machines that are suspended with this claim among their disks. */
export function suspendedOn(
  { store }: EngineContext,
  { namespace = 'default', name }: Pick<ObjectKey, 'namespace' | 'name'>,
): readonly string[] {
  return readAll(store, resources.virtualMachines, namespace).flatMap((vm) => {
    const state = savedStateOf(vm);
    if (state === undefined) return [];
    const revision = read(store, { resource: resources.controllerRevisions, namespace, name: state.revision });
    const specs = [vm.spec.template.spec, (revision?.data as SavedRun | undefined)?.spec];
    return specs.some((spec) => spec !== undefined && claimNames({ spec }).includes(name)) ? [vm.metadata.name] : [];
  });
}

/** The machine then starts anew, as after a power cut. Throws NotFound, and Conflict when nothing is saved or it runs. */
export async function discardSavedState(context: EngineContext, key: ObjectKey, { dryRun = false }: Options = {}): Promise<void> {
  const { vm, vmi } = pair(context, key);
  if (savedStateOf(vm) === undefined) throw conflict(key, 'there is no saved state');
  if (vmi !== undefined && !isFinal(phaseOf(vmi)) && context.machines.get(vmi.metadata.uid) !== undefined) {
    throw conflict(key, 'it is going on from its saved state');
  }
  if (dryRun) return;
  await dropSavedState(context, vm);
  context.events.record(vm, { type: 'Normal', reason: 'SavedStateDiscarded', message: 'The saved state was discarded.' });
}

/** With its room in the images of a machine that does not run. */
export async function dropSavedState(context: EngineContext, vm: VirtualMachine): Promise<void> {
  if (savedStateOf(vm) === undefined) return;
  context.store.transaction(() => dropRecord(context, vm));
  try {
    const subject = await subjectOf(context, vm, { isPast: true });
    if (subject.type === 'stopped') await forgetSnapshot(context, { subject, tag: savedStateTag });
  } catch (error) {
    context.log.warn('A saved state could not be freed', { machine: vm.metadata.name, error: textOf(error) });
  }
}

function dropRecord({ store, objects }: EngineContext, vm: VirtualMachine): void {
  const state = savedStateOf(vm);
  if (state === undefined) return;
  objects.change(keyOf(vm), (object) => withSavedState(object as VirtualMachine, undefined));
  const { namespace = 'default' } = vm.metadata;
  store.transaction((tx) => {
    const revision = { resource: resources.controllerRevisions, namespace, name: state.revision };
    if (tx.get(revision) !== undefined) tx.remove(revision);
  });
}

function pair({ store }: EngineContext, key: ObjectKey): { readonly vm: VirtualMachine; readonly vmi: VirtualMachineInstance | undefined } {
  const vm = read(store, { ...key, resource: resources.virtualMachines });
  if (vm === undefined) throw notFound({ ...key, resource: resources.virtualMachines });
  const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
  return { vm, vmi: vmi !== undefined && stateOwnerOf(vmi) === vm.metadata.uid ? vmi : undefined };
}

function machineOf({ store }: EngineContext, vmi: VirtualMachineInstance): VirtualMachine | undefined {
  const { namespace = 'default', name } = vmi.metadata;
  const vm = read(store, { resource: resources.virtualMachines, namespace, name });
  return vm?.metadata.uid === stateOwnerOf(vmi) ? vm : undefined;
}

function keyOf({ metadata: { namespace = 'default', name } }: VirtualMachine): ObjectKey {
  return { resource: resources.virtualMachines, namespace, name };
}

function conflict({ name }: ObjectKey, message: string): AppError {
  return new AppError('Conflict', conflictText('stop', name, message), {
    causes: [{ reason: 'LifecycleConflict', field: '', message }],
  });
}
