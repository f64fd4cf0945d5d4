// Owns when an action on a machine is allowed: one table for the router, every button and every menu.
// Must not perform anything; KubeVirt's sentences come from pkg/virt-api/rest/lifecycle.go (v1.9.0).
import type { VirtualMachineInstance } from './kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from './kinds/virtual-machine.ts';
import type { MachineVerb, MachineVerbOptions } from './verbs.ts';

export const runStrategies = ['Always', 'RerunOnFailure', 'Manual', 'Halted', 'Once'] as const;
export type RunStrategy = (typeof runStrategies)[number];

export const vmiPhases = ['Pending', 'Scheduling', 'Scheduled', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;
export type VmiPhase = (typeof vmiPhases)[number];

/** What the table needs to know of a machine. Everything is read from the stored objects. */
export interface MachineState {
  readonly name: string;
  /** Undefined for a VirtualMachineInstance that no VirtualMachine owns. */
  readonly runStrategy?: RunStrategy;
  /** Undefined when there is no VirtualMachineInstance. */
  readonly phase?: VmiPhase;
  readonly paused: boolean;
  readonly deleting: boolean;
  readonly agentConnected: boolean;
  /** features.acpi is on (the default): soft reboot can press the button. */
  readonly acpi: boolean;
  /** A start or restart that was asked for and is not yet done (status.stateChangeRequests). */
  readonly requestPending?: boolean;
  /** terminationGracePeriodSeconds of the running instance, when it has one. */
  readonly gracePeriodSeconds?: number;
}

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly message: string };

/** Says whether `verb` may act on a machine in `state`, or why not in KubeVirt's words. */
export function lifecycle(verb: MachineVerb, state: MachineState, options: MachineVerbOptions = {}): Verdict {
  const message = refusals[verb](state, options);
  return message === undefined ? { allowed: true } : { allowed: false, message };
}

/** Why a machine cannot be suspended to disk now; KubeVirt knows no such thing, so the words are its for the likes of it. */
export function suspendRefusal({ runStrategy, phase, deleting }: MachineState): string | undefined {
  if (runStrategy === undefined) return noDefinition;
  if (deleting) return beingDeleted;
  return phase === 'Running' ? undefined : 'VMI is not running';
}

/** The whole sentence of the 409 that carries a refusal. */
export function conflictText(verb: MachineVerb, name: string, message: string): string {
  return `Operation cannot be fulfilled on ${verbTargets[verb]}.kubevirt.io "${name}": ${message}`;
}

/** Which object each verb is asked of. */
export const verbTargets: Readonly<Record<MachineVerb, 'virtualmachine' | 'virtualmachineinstance'>> = {
  start: 'virtualmachine',
  stop: 'virtualmachine',
  restart: 'virtualmachine',
  pause: 'virtualmachineinstance',
  unpause: 'virtualmachineinstance',
  softreboot: 'virtualmachineinstance',
  reset: 'virtualmachineinstance',
};

export function machineState(vm: VirtualMachine | undefined, vmi: VirtualMachineInstance | undefined): MachineState {
  const strategy = vm === undefined ? undefined : runStrategyOf(vm);
  const phase = vmi === undefined ? undefined : phaseOf(vmi);
  const gracePeriodSeconds = vmi?.spec.terminationGracePeriodSeconds;
  return {
    name: vm?.metadata.name ?? vmi?.metadata.name ?? '',
    ...(strategy === undefined ? {} : { runStrategy: strategy }),
    ...(phase === undefined ? {} : { phase }),
    paused: hasCondition(vmi, 'Paused'),
    deleting: (vm ?? vmi)?.metadata.deletionTimestamp !== undefined,
    agentConnected: hasCondition(vmi, 'AgentConnected'),
    acpi: (vmi?.spec ?? vm?.spec.template.spec)?.domain.features?.acpi?.enabled !== false,
    requestPending: (vm?.status?.stateChangeRequests?.length ?? 0) > 0,
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
  };
}

/** spec.runStrategy, or what the deprecated spec.running stands for; Halted when neither is given. */
export function runStrategyOf(vm: Pick<VirtualMachine, 'spec'>): RunStrategy {
  const named = runStrategies.find((known) => known === vm.spec.runStrategy);
  if (named !== undefined) return named;
  return vm.spec.running === true ? 'Always' : 'Halted';
}

/** An instance whose phase nobody has set yet is Pending. */
export function phaseOf(vmi: Pick<VirtualMachineInstance, 'status'>): VmiPhase {
  const phase = vmi.status?.phase;
  if (phase === undefined || phase === '') return 'Pending';
  return vmiPhases.find((known) => known === phase) ?? 'Unknown';
}

/** Succeeded or Failed: this run is over. */
export function isFinal(phase: VmiPhase | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

function hasCondition(vmi: VirtualMachineInstance | undefined, type: string): boolean {
  return vmi?.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
}

/** A sentence, or undefined when nothing speaks against it. */
type Refusal = (state: MachineState, options: MachineVerbOptions) => string | undefined;

const refusals: Readonly<Record<MachineVerb, Refusal>> = {
  start: startRefusal,
  stop: stopRefusal,
  restart: restartRefusal,
  pause: ({ phase, paused }) => {
    if (phase !== 'Running') return 'VM is not running';
    return paused ? 'VMI is already paused' : undefined;
  },
  unpause: ({ phase, paused }) => {
    if (phase !== 'Running') return 'VMI is not running';
    return paused ? undefined : 'VMI is not paused';
  },
  softreboot: ({ phase, paused, agentConnected, acpi }) => {
    if (phase !== 'Running') return 'VM is not running';
    if (paused) return 'VMI is paused';
    return agentConnected || acpi ? undefined : 'VMI neither has the agent connected nor the ACPI feature enabled';
  },
  reset: ({ phase }) => (phase === 'Running' ? undefined : 'VMI is not running'),
};

const noDefinition = 'there is no VirtualMachine that defines it';
const beingDeleted = 'VM is being deleted';
const underWay = 'unable to complete request: stop/start already underway';

function startRefusal(state: MachineState): string | undefined {
  const { runStrategy, phase, requestPending } = state;
  if (runStrategy === undefined) return noDefinition;
  if (state.deleting) return beingDeleted;
  if (phase !== undefined && !isFinal(phase) && phase !== 'Unknown') return 'VM is already running';
  if (runStrategy === 'Halted') return undefined;
  if (runStrategy === 'Always' || runStrategy === 'Once') return `${runStrategy} does not support manual start requests`;
  if (runStrategy === 'RerunOnFailure' && phase === 'Failed') return 'RerunOnFailure does not support starting VM from failed state';
  return requestPending === true ? underWay : undefined;
}

function stopRefusal(state: MachineState, options: MachineVerbOptions): string | undefined {
  const { runStrategy, phase } = state;
  if (runStrategy === undefined) return noDefinition;
  // Allowed without an instance too: it ends the wait of a crash loop.
  if (runStrategy === 'Always' || runStrategy === 'Once') return undefined;
  // KubeVirt refuses this, too, when a start is still due: the wait of a crash loop could then not be ended.
  if (phase === undefined || isFinal(phase))
    return state.requestPending === true && runStrategy !== 'Halted' ? undefined : 'VM is not running';
  if (runStrategy !== 'Halted' || isShorter(options.gracePeriodSeconds, state.gracePeriodSeconds)) return undefined;
  return 'Halted only supports manual stop requests with a shorter graceperiod';
}

function isShorter(asked: number | undefined, current: number | undefined): boolean {
  return asked !== undefined && (current === undefined || asked < current);
}

function restartRefusal(state: MachineState): string | undefined {
  const { runStrategy } = state;
  if (runStrategy === undefined) return noDefinition;
  if (state.deleting) return beingDeleted;
  if (runStrategy === 'Halted' || runStrategy === 'Once') return `RunStrategy ${runStrategy} does not support manual restart requests`;
  if (state.phase === undefined) return 'VM is not running';
  return state.requestPending === true ? underWay : undefined;
}

/** Reason of the condition Paused while the machine's memory is written to disk: it ends then, and goes on with the next start. */
export const pausedForSuspendReason = 'PausedSuspend';
