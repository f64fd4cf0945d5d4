// Owns a VirtualMachine: makes and ends its runs by its run strategy, brings its disks along, writes its status.
// Must not start QEMU; the VirtualMachineInstance's controller does.
import { AppError, type Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf } from '../../api/lifecycle.ts';
import type { KubeObject, ObjectKey } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { dataVolumesOfVm } from '../../core/reconcile/disk-of-data-volume.ts';
import { type Choosing, liveUpdated } from '../../core/reconcile/live-updates.ts';
import { withStartTime } from '../../core/reconcile/start-order.ts';
import { type VmStep, vmStep } from '../../core/reconcile/vm-step.ts';
import { withRequests, withRunStrategy } from '../../core/reconcile/intent.ts';
import { type RunOptions, ownedBy, stateOwnerOf, vmiOfVm } from '../../core/reconcile/vmi-of-vm.ts';
import type { Choice } from '../../core/instancetype/choice.ts';
import type { VmObserved } from '../../core/status/vm-observed.ts';
import { vmStatus } from '../../core/status/vm-status.ts';
import { finalizers } from '../admission.ts';
import type { Controller, EngineContext } from '../context.ts';
import { grow } from '../growth-grant.ts';
import { keepChoice } from '../instancetypes.ts';
import { limitsWithinQuota } from '../live-limits.ts';
import { claimNames } from '../launch-facts.ts';
import { textOf } from '../queue.ts';
import { inTurn, noteOutcome, tellTurn, turnOf } from '../start-turns.ts';
import { runOfSavedState } from '../suspend-to-disk.ts';
import { read, readAll } from '../typed.ts';

type Failure = NonNullable<VmObserved['failure']>;

export function createVmController(context: EngineContext): Controller {
  const { store, clock } = context;
  /** By uid: why the last step failed, until one succeeds. */
  const failures = new Map<string, Failure>();

  return {
    async reconcile(key) {
      await context.knowComputer();
      const vm = read(store, { ...key, resource: resources.virtualMachines });
      if (vm === undefined) return;
      const vmi = ownRun(context, key, vm);
      if (vm.metadata.deletionTimestamp === undefined) makeDataVolumes(context, vm);
      const { choice, refs, causes } = keepChoice(context, vm);
      const failure = failureOf(causes) ?? failures.get(vm.metadata.uid);
      const turn = turnOf(context, vm, vmi);
      const found = { ...observed(context, vm, vmi), choice, refs, ...(turn === undefined ? {} : { turn }) };
      const current = writeStatus(context, key, failure === undefined ? found : { ...found, failure });
      if (current === undefined) return;
      tellTurn(context, vm, turn);
      noteOutcome(context, current, vmi);
      if (vmi !== undefined && causes.length === 0) {
        const choosing = { choice, presets: found.presets };
        updateLive(context, current, { vmi, ...choosing });
        await grow(context, current, choosing);
      }
      if (current.metadata.deletionTimestamp !== undefined && vmi === undefined) {
        failures.delete(vm.metadata.uid);
        await letGo(context, key, current);
        return;
      }
      try {
        const step = vmStep(current, vmi, clock.now());
        // What it names is not there: its coming wakes us.
        if (step.type === 'CreateVmi' && causes.length > 0) return;
        take(context, { key, vm: current, step: inTurn(context, turn, step), choice });
        if (failures.delete(vm.metadata.uid)) context.wake(key);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const now: Failure = { reason: 'FailedCreate', message: textOf(error) };
        if (failures.get(vm.metadata.uid)?.message === now.message) return;
        failures.set(vm.metadata.uid, now);
        context.events.record(vm, { type: 'Warning', ...now });
        context.wake(key);
      }
    },
  };
}

/** KubeVirt's reasons. */
function failureOf(causes: readonly Cause[]): Failure | undefined {
  const [cause] = causes;
  if (cause === undefined) return undefined;
  const reason = cause.field === 'spec.instancetype' ? 'FailedFindInstancetype' : 'FailedFindPreference';
  return { reason, message: causes.map(({ message }) => message).join('. ') };
}

/** The run of this machine; one without an owner is taken over, as KubeVirt does. Somebody else's is none of ours. */
function ownRun({ store, objects }: EngineContext, key: ObjectKey, vm: VirtualMachine): VirtualMachineInstance | undefined {
  const vmiKey = { ...key, resource: resources.virtualMachineInstances };
  const vmi = read(store, vmiKey);
  const owners = vmi?.metadata.ownerReferences ?? [];
  if (vmi === undefined || owners.some(({ uid }) => uid === vm.metadata.uid)) return vmi;
  if (owners.some(({ controller }) => controller === true) || vm.metadata.deletionTimestamp !== undefined) return undefined;
  objects.change(vmiKey, (object) => ({ ...object, metadata: { ...object.metadata, ownerReferences: [...owners, ownedBy(vm)] } }));
  return read(store, vmiKey);
}

/** What of a changed definition its run takes over at once; the run's controller tells QEMU. */
function updateLive(
  context: EngineContext,
  vm: VirtualMachine,
  { vmi, ...choosing }: { readonly vmi: VirtualMachineInstance } & Choosing,
): void {
  const { deletionTimestamp, name, namespace = 'default' } = vmi.metadata;
  if (deletionTimestamp !== undefined || isFinal(phaseOf(vmi))) return;
  const wanted = liveUpdated(vm, vmi, choosing);
  if (wanted === vmi) return;
  const refusal = limitsWithinQuota(context, vmi, wanted);
  if (refusal !== undefined) {
    context.events.record(vmi, { type: 'Warning', reason: 'LimitNotApplied', message: refusal });
    return;
  }
  const key: ObjectKey = { resource: resources.virtualMachineInstances, namespace, name };
  context.objects.change(key, (now) => liveUpdated(vm, now as VirtualMachineInstance, choosing));
}

function makeDataVolumes({ store, objects, events }: EngineContext, vm: VirtualMachine): void {
  const { namespace = 'default' } = vm.metadata;
  for (const draft of dataVolumesOfVm(vm)) {
    const { name } = draft.metadata;
    if (store.get({ resource: resources.dataVolumes, namespace, name }) !== undefined) continue;
    // A claim of that name is the disk already: made by hand, or left by a DataVolume that was removed.
    if (store.get({ resource: resources.persistentVolumeClaims, namespace, name }) !== undefined) continue;
    objects.create({ resource: resources.dataVolumes, namespace }, draft, { byCore: true });
    events.record(vm, { type: 'Normal', reason: 'SuccessfulDataVolumeCreate', message: `Created DataVolume ${name}` });
  }
}

function observed({ store }: EngineContext, vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): VmObserved {
  const { namespace = 'default' } = vm.metadata;
  const spec = vm.spec.template.spec;
  const names = spec === undefined ? [] : [...new Set(claimNames({ spec }))];
  return {
    ...(vmi === undefined ? {} : { vmi }),
    dataVolumes: names.flatMap((name) => read(store, { resource: resources.dataVolumes, namespace, name }) ?? []),
    claims: names.flatMap((name) => read(store, { resource: resources.persistentVolumeClaims, namespace, name }) ?? []),
    presets: readAll(store, resources.presets, namespace),
  };
}

function writeStatus({ store, objects, clock }: EngineContext, key: ObjectKey, found: VmObserved): VirtualMachine | undefined {
  const vmKey = { ...key, resource: resources.virtualMachines };
  const vm = read(store, vmKey);
  if (vm === undefined) return undefined;
  const status = vmStatus(vm, found, clock.now());
  const metadata = withStartTime(vm.metadata, found.turn);
  if (status === vm.status && metadata === vm.metadata) return vm;
  objects.change(vmKey, () => ({ ...vm, metadata, status }));
  return read(store, vmKey);
}

function take(
  context: EngineContext,
  { key, vm, step, choice }: { readonly key: ObjectKey; readonly vm: VirtualMachine; readonly step: VmStep; readonly choice: Choice },
): void {
  const vmiKey: ObjectKey = { ...key, resource: resources.virtualMachineInstances };
  switch (step.type) {
    case 'Nothing':
      return;
    case 'WaitUntil':
      context.wakeAt(key, step.at);
      return;
    case 'CreateVmi':
      createRun(context, vm, { paused: step.paused, choice });
      return;
    case 'DeleteVmi': {
      const grace = vm.metadata.deletionGracePeriodSeconds;
      context.store.transaction(() => {
        if (step.thenStart) context.objects.change(key, () => withRequests(vm, [{ action: 'Start' }]));
        context.objects.delete(vmiKey, grace === undefined ? {} : { gracePeriodSeconds: grace });
        context.events.record(vm, {
          type: 'Normal',
          reason: 'SuccessfulDelete',
          message: `Stopped the virtual machine by deleting the virtual machine instance ${uidOf(context.store.get(vmiKey))}`.trim(),
        });
      });
      return;
    }
    case 'SetRunStrategy':
      context.objects.change(key, () => withRunStrategy(vm, step.runStrategy));
      return;
  }
}

function createRun(context: EngineContext, vm: VirtualMachine, options: RunOptions): void {
  const { store, objects, events } = context;
  const { namespace = 'default', name } = vm.metadata;
  // The run of a machine of the same name that was deleted may still be stopping: its end wakes us.
  if (store.get({ resource: resources.virtualMachineInstances, namespace, name }) !== undefined) return;
  // Disks that the machine brings along come first, as in KubeVirt; their progress wakes us.
  const brought = dataVolumesOfVm(vm).map(({ metadata }) => metadata.name);
  const isComing = readAll(store, resources.dataVolumes, namespace).some(
    ({ metadata, status }) => brought.includes(metadata.name) && status?.phase !== 'Succeeded',
  );
  if (isComing) return;
  const draft = runOfSavedState(context, vm, options) ?? vmiOfVm(vm, options);
  const made = objects.create({ resource: resources.virtualMachineInstances, namespace }, draft, { byCore: true });
  events.record(vm, {
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `Started the virtual machine by creating the new virtual machine instance ${made.metadata.name}`,
  });
}

/** Its last run is gone. What was kept over runs goes with it, unless a run that was let go of uses it still. */
async function letGo({ store, host, objects }: EngineContext, key: ObjectKey, vm: VirtualMachine): Promise<void> {
  const { uid, namespace } = vm.metadata;
  const isUsed = readAll(store, resources.virtualMachineInstances, namespace).some(
    (vmi) => stateOwnerOf(vmi) === uid && !isFinal(phaseOf(vmi)),
  );
  if (!isUsed) await host.machines.removeStateDir(uid);
  objects.dropFinalizer(key, finalizers[resources.virtualMachines] ?? '');
}

function uidOf(object: KubeObject | undefined): string {
  return object?.metadata.uid ?? '';
}
