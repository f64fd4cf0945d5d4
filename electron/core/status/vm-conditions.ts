// Owns the conditions of a VirtualMachine: those of its run, and its own: Ready, Failure, RestartRequired, NotHonoured, SavedState, StartDelayed.
// Must not decide what the printable status is.
import { annotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf } from '../../api/lifecycle.ts';
import { withoutOwnVolumes } from '../reconcile/volume-request.ts';
import { comparableCards } from '../reconcile/card-sync.ts';
import { growthOf } from '../reconcile/growth.ts';
import { withoutLiveFields } from '../reconcile/live-updates.ts';
import { nextRun, type Run } from '../reconcile/next-run.ts';
import { turnMessage } from '../reconcile/start-order.ts';
import { savedStateCondition } from '../snapshots/saved-state.ts';
import { machineNotHonoured } from '../validate/not-honoured.ts';
import { type NewCondition, type StatusCondition, withCondition, withoutCondition } from './conditions.ts';
import { devicesAtRestart } from './host-device-status.ts';
import { notHonouredCondition } from './not-honoured-condition.ts';
import { sameJson } from './same-json.ts';
import type { VmObserved } from './vm-observed.ts';

/** Conditions that a machine has whether it runs or not. */
const ownTypes: readonly string[] = ['Ready', 'Failure', 'RestartRequired', 'NotHonoured', 'SavedState', 'StartDelayed'];

export function vmConditions(vm: VirtualMachine, observed: VmObserved, now: number): StatusCondition[] {
  const { vmi } = observed;
  const kept = (vm.status?.conditions ?? []).filter(({ type }) => ownTypes.includes(type));
  const own = ownConditions(vm, observed);
  const cleared = withoutCondition(kept, ...ownTypes.filter((type) => !own.some((condition) => condition.type === type)));
  const ready = vmi?.status?.conditions?.find(({ type }) => type === 'Ready');
  const set = own.reduce((conditions, next) => withCondition(conditions, next, now), cleared);
  const followed = ready === undefined ? set : [ready, ...withoutCondition(set, 'Ready')];
  return [...followed, ...(vmi?.status?.conditions ?? []).filter(({ type }) => !ownTypes.includes(type))];
}

function ownConditions(vm: VirtualMachine, observed: VmObserved): NewCondition[] {
  const { vmi, failure, turn } = observed;
  return [
    ...readyWithoutRun(vmi),
    ...(failure === undefined ? [] : [{ type: 'Failure', status: 'True', ...failure } as const]),
    ...restartRequired(vm, observed),
    ...savedStateCondition(vm),
    ...startDelayed(turn),
    ...notHonouredCondition(machineNotHonoured(vm.spec)),
  ];
}

/** It comes up by itself, but not before others. */
function startDelayed(turn: VmObserved['turn']): NewCondition[] {
  const message = turn === undefined ? undefined : turnMessage(turn);
  return message === undefined ? [] : [{ type: 'StartDelayed', status: 'True', reason: 'StartOrder', message }];
}

function readyWithoutRun(vmi: VirtualMachineInstance | undefined): NewCondition[] {
  if (vmi === undefined) return [{ type: 'Ready', status: 'False', reason: 'VMINotExists', message: 'VMI does not exist' }];
  if (vmi.status?.conditions?.some(({ type }) => type === 'Ready') === true) return [];
  return [{ type: 'Ready', status: 'False', reason: 'VMIConditionMissing', message: 'VMI is missing the Ready condition' }];
}

/** A definition that would now make another machine than the one that runs. */
function restartRequired(vm: VirtualMachine, observed: VmObserved): NewCondition[] {
  const { vmi } = observed;
  if (vmi === undefined || vm.spec.template.spec === undefined || isFinal(phaseOf(vmi)) || vmi.metadata.deletionTimestamp !== undefined) {
    return [];
  }
  const next = nextRun(vm, vmi, observed);
  // What it may still grow to, as soon as there is room, is no reason for a restart.
  const { spec, restart } = growthOf(vmi, next.spec);
  const run = { ...vmi, spec: withoutOwnVolumes(spec, vm.spec.template.spec) };
  const waiting = devicesAtRestart(vmi);
  if (sameJson(comparable(next), comparable(run))) return waiting === undefined ? [] : [restartFor(waiting)];
  return [restartFor(restart ?? waiting ?? 'a non-live-updatable field was changed in the template spec')];
}

function restartFor(message: string): NewCondition {
  return { type: 'RestartRequired', status: 'True', reason: 'RestartRequired', message };
}

/** Without what start and stop requests set on the run alone. */
function comparable({ spec, metadata }: Run): object {
  const { startStrategy: _start, terminationGracePeriodSeconds: _grace, ...rest } = spec;
  const { [annotations.portForwards]: portForwards, [annotations.bootMenu]: bootMenu } = metadata.annotations ?? {};
  return { ...comparableCards(withoutLiveFields(rest)), portForwards, bootMenu };
}
