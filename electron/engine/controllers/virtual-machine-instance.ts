// Owns one run of a machine: waits for what it needs, starts it, writes down what it tells, ends it, cleans up.
// Must not decide whether there should be a run; the VirtualMachine's controller and the user do.
import { annotations } from '../../api/annotations.ts';
import { AppError } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { isFinal, phaseOf } from '../../api/lifecycle.ts';
import type { ObjectKey } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { givenText } from '../../core/devices/assignment.ts';
import type { HostFacts } from '../../core/facts.ts';
import type { LimitShortfall } from '../../core/limits/enforcement.ts';
import { launchDecision } from '../../core/qemu/launch.ts';
import type { LaunchDecision, LaunchPlan } from '../../core/qemu/launch-plan.ts';
import { ownCpusOf, ownCpusText } from '../../core/placement/world-of-objects.ts';
import { failedCreate, isOfQuota } from '../../core/quota/reasons.ts';
import { stateOwnerOf } from '../../core/reconcile/vmi-of-vm.ts';
import { adoptMissing } from '../adopt.ts';
import { finalizers } from '../admission.ts';
import { syncCards } from '../card-hotplug.ts';
import type { Controller, EngineContext } from '../context.ts';
import { createHotplug } from '../hotplug.ts';
import { answerFailures, keepEvidence } from '../failures.ts';
import { createEvictions } from '../evictions.ts';
import { syncSize } from '../growth.ts';
import { gatherLaunchFacts, withPromises } from '../launch-facts.ts';
import { launchSteps } from '../launch-steps.ts';
import { textOf } from '../queue.ts';
import { climbStopLadder } from '../stop.ts';
import { finishSoftReboot } from '../soft-reboot.ts';
import { syncLimits } from '../live-limits.ts';
import { runSteps } from '../steps.ts';
import { forgetSavedState, freeSavedState, isSuspended, noteBrokenState } from '../suspend-to-disk.ts';
import { read } from '../typed.ts';
import { applyFact, applyUnreadFacts } from '../vmi-facts.ts';
import { createDeviceHotplug } from '../device-hotplug.ts';

/** How often a start was refused for the same causes, to ask less and less often. */
interface Refusal {
  readonly causes: string;
  readonly times: number;
  readonly nextAt: number;
}

// What a start waits for mostly tells: a disk, a Secret, the end of another machine. A port or a file of the user does not.
const firstRetryMs = 5_000;
const lastRetryMs = 300_000;

export function createVmiController(context: EngineContext): Controller {
  const { store, machines } = context;
  const refusals = new Map<string, Refusal>();
  const hotplug = createHotplug(context);
  const devices = createDeviceHotplug(context);
  const evictions = createEvictions(context);

  return {
    async reconcile(key) {
      applyUnreadFacts(context, key);
      const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
      if (vmi === undefined) return;
      const { uid, deletionTimestamp } = vmi.metadata;
      const guest = machines.get(uid);
      await keepEvidence(context, vmi, guest);
      if (isFinal(phaseOf(vmi))) {
        refusals.delete(uid);
        hotplug.forget(uid);
        devices.forget(uid);
        evictions.forget(uid);
        context.pulls.forget(uid);
        await cleanUp(context, key, vmi);
      } else if (guest === undefined && phaseOf(vmi) === 'Running') {
        // Its adoption failed, or it has not been tried: whatever is the matter, asking the machine tells.
        await adoptMissing(context, vmi);
      } else if (deletionTimestamp !== undefined) {
        refusals.delete(uid);
        context.pulls.forget(uid);
        if (guest === undefined) await cleanUp(context, key, vmi);
        else await climbStopLadder(context, vmi, guest);
      } else if (guest === undefined) {
        await launch(context, { key, vmi, refusals });
      } else if (!evictions.sync(key, vmi)) {
        if (guest.softReboot?.isDown === true) await finishSoftReboot(context, guest);
        else await answerFailures(context, vmi, guest);
        context.probes.follow(guest);
        await hotplug.sync(key, guest);
        await devices.sync(key, guest);
        await syncCards(context, key, guest);
        await syncLimits(context, key, guest);
        await syncSize(context, key, guest);
      }
    },
  };
}

interface LaunchRequest {
  readonly key: ObjectKey;
  readonly vmi: VirtualMachineInstance;
  readonly refusals: Map<string, Refusal>;
}

async function launch(context: EngineContext, request: LaunchRequest): Promise<void> {
  const { key, refusals } = request;
  if (request.vmi.status?.phase === undefined) {
    context.events.record(request.vmi, { type: 'Normal', reason: 'Created', message: 'VirtualMachineInstance defined.' });
    applyFact(context, key, { type: 'Created' });
  }
  await context.pulls.begin({ ...key, resource: resources.virtualMachineInstances }, request.vmi);
  const gathered = await gatherLaunchFacts(context, request.vmi);
  // From here to `Scheduled` without a pause: two machines must not both be promised the last of anything.
  const vmi = read(context.store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi === undefined || vmi.metadata.uid !== request.vmi.metadata.uid || vmi.metadata.deletionTimestamp !== undefined) return;
  const { plan, causes, unschedulable } = launchDecision(vmi, withPromises(context, vmi, gathered));
  if (plan === undefined || causes.length > 0) {
    refuse(context, { key, vmi, refusals }, { causes, ...(unschedulable === undefined ? {} : { unschedulable }) });
    return;
  }
  refusals.delete(vmi.metadata.uid);
  promise(context, key, plan);
  try {
    await runSteps({
      steps: launchSteps({
        context,
        vmi,
        plan,
        recordStarted: (shortfalls) => recordStarted(context, key, { plan, host: gathered.host, shortfalls }),
      }),
      start: {},
      onUndoFailure: (step, error) => context.log.warn('A step of a failed start could not be undone', { step, error: textOf(error) }),
    });
    const guest = context.machines.get(vmi.metadata.uid);
    if (plan.savedState !== undefined && guest !== undefined) await freeSavedState(context, guest);
  } catch (error) {
    const reason = error instanceof AppError ? error.code : 'Internal';
    const message = failureText(error);
    applyFact(context, key, { type: 'StartFailed', reason, message });
    if (reason === 'SavedStateBroken') noteBrokenState(context, vmi, textOf(error));
    context.events.record(vmi, { type: 'Warning', reason: 'SyncFailed', message });
  }
}

/** With what to do about it: its words are all that is kept of an error. */
function failureText(error: unknown): string {
  const fixes = error instanceof AppError ? error.causes.flatMap(({ fix }) => fix ?? []) : [];
  return [textOf(error), ...fixes].join(' ');
}

/** The place, the processors and the devices are taken in one transaction: whoever looks next sees all. */
function promise(context: EngineContext, key: ObjectKey, { binding: { node, own }, hostDevices }: LaunchPlan): void {
  const taken = {
    ...(own === undefined ? {} : { [annotations.ownCpus]: ownCpusText(own) }),
    ...(hostDevices === undefined ? {} : { [annotations.hostDevices]: givenText(hostDevices) }),
  };
  context.store.transaction(() => {
    if (Object.keys(taken).length > 0) {
      context.objects.change(key, (vmi) => ({
        ...vmi,
        metadata: { ...vmi.metadata, annotations: { ...vmi.metadata.annotations, ...taken } },
      }));
    }
    applyFact(context, key, { type: 'Scheduled', node });
  });
}

function recordStarted(
  context: EngineContext,
  key: ObjectKey,
  { plan, host, shortfalls }: { readonly plan: LaunchPlan; readonly host: HostFacts; readonly shortfalls: readonly LimitShortfall[] },
): void {
  context.pinning.follow(host);
  context.store.transaction(() => {
    const vmi = applyFact(context, key, {
      type: 'Started',
      node: plan.binding.node,
      paused: plan.startPaused,
      accelerator: plan.accelerator,
      message: host.accelerator.message,
      limits: { abilities: host.limits, shortfalls },
    });
    if (vmi === undefined) return;
    if (plan.savedState !== undefined) forgetSavedState(context, vmi);
    context.events.record(vmi, { type: 'Normal', reason: 'Started', message: 'VirtualMachineInstance started.' });
  });
}

/** Disks that are on their way are no refusal: the run waits as Pending, and the machine's status tells of the disk. */
function refuse(
  context: EngineContext,
  { key, vmi, refusals }: LaunchRequest,
  { causes, unschedulable }: Pick<LaunchDecision, 'causes' | 'unschedulable'>,
): void {
  const { uid } = vmi.metadata;
  if (!causes.every(({ reason }) => reason === 'VolumeImporting')) {
    const after = applyFact(context, key, { type: 'Refused', causes, ...(unschedulable === undefined ? {} : { unschedulable }) });
    const text = causes.map(({ message }) => message).join(' ');
    if (after !== undefined && after.status !== vmi.status) {
      context.events.record(vmi, { type: 'Warning', reason: eventReason(causes), message: text });
    }
  }
  const refusal = nextRefusal(refusals.get(uid), JSON.stringify(causes), context.clock.now());
  refusals.set(uid, refusal);
  context.wakeAt(key, refusal.nextAt);
}

function eventReason(causes: LaunchDecision['causes']): string {
  if (causes.some(({ reason }) => reason === 'FailedPvcNotFound')) return 'FailedPvcNotFound';
  return causes.some(isOfQuota) ? failedCreate : 'FailedScheduling';
}

/** Being looked at earlier than planned, for whatever reason, does not make the next time later. */
function nextRefusal(before: Refusal | undefined, causes: string, now: number): Refusal {
  if (before?.causes === causes && before.nextAt > now) return before;
  const times = before?.causes === causes ? before.times + 1 : 1;
  return { causes, times, nextAt: now + Math.min(firstRetryMs * 2 ** (times - 1), lastRetryMs) };
}

/** After the end, or instead of a beginning. What it leaves: the object, while nobody deletes it. */
async function cleanUp(context: EngineContext, key: ObjectKey, vmi: VirtualMachineInstance): Promise<void> {
  const { host, machines, objects } = context;
  const { uid, deletionTimestamp } = vmi.metadata;
  const guest = machines.get(uid);
  if (guest !== undefined) {
    await guest.machine.detach();
    machines.remove(uid);
  }
  machines.release(uid);
  const owner = stateOwnerOf(vmi);
  await host.machines.removeRunDir(host.machines.directories(uid, owner).runDir);
  if (!isSuspended(context, vmi)) await host.machines.removeRunDisks(owner);
  if (ownCpusOf(vmi) !== undefined) await context.pinning.changed();
  if (deletionTimestamp === undefined) return;
  if (owner === uid) await host.machines.removeStateDir(uid);
  objects.dropFinalizer(key, finalizers[resources.virtualMachineInstances] ?? '');
}
