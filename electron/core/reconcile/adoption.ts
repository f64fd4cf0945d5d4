// Owns what to do with what a new core finds of the machines that an earlier one started.
// Must not do it; engine/adopt.ts does.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { isFinal, phaseOf } from '../../api/lifecycle.ts';
import type { ExitFact } from '../facts.ts';

export type FoundState = { readonly alive: true } | { readonly alive: false; readonly exit: ExitFact };

export type AdoptionStep =
  | { readonly type: 'Adopt' }
  /** QEMU was started, its guest was not: nothing is lost, and what was prepared is not known. The run begins anew. */
  | { readonly type: 'EndUnstarted' }
  /** Its run is written down as over: nobody can reach it any more. */
  | { readonly type: 'EndForgotten' }
  | { readonly type: 'RecordExit'; readonly exit: ExitFact }
  /** A run directory without a run. */
  | { readonly type: 'RemoveLeftovers' }
  /**
   * A living guest whose object is gone, as after restoring an older database. It is left alone and reported:
   * ending a guest that nobody asked to end is the one mistake here that cannot be undone.
   */
  | { readonly type: 'ReportUnknown' };

/** `vmi` is the stored object of the same uid. */
export function adoptionStep(state: FoundState, vmi: VirtualMachineInstance | undefined): AdoptionStep {
  if (vmi === undefined) return state.alive ? { type: 'ReportUnknown' } : { type: 'RemoveLeftovers' };
  const phase = phaseOf(vmi);
  if (isFinal(phase)) return state.alive ? { type: 'EndForgotten' } : { type: 'RemoveLeftovers' };
  // Written down before the first instruction: a run in an earlier phase has executed nothing.
  if (phase !== 'Running') return state.alive ? { type: 'EndUnstarted' } : { type: 'RemoveLeftovers' };
  return state.alive ? { type: 'Adopt' } : { type: 'RecordExit', exit: state.exit };
}

export type RunStateStep =
  /** As it is written down. */
  | { readonly type: 'Nothing' }
  /** The earlier core died between writing down the start and doing it. */
  | { readonly type: 'Continue' }
  /** The earlier core died in the middle of a reboot by the power button: the guest is down and waits to be reset. */
  | { readonly type: 'FinishReboot' }
  /** The guest was stopped or resumed unheard. */
  | { readonly type: 'HearStop' }
  /** Its guest panicked, or its watchdog stopped it, unheard. */
  | { readonly type: 'HearPanic' }
  | { readonly type: 'HearWatchdog' }
  /** The panic was heard; what follows may not have been done. */
  | { readonly type: 'AnswerPanic' }
  | { readonly type: 'HearResume' };

/** @param runState `status` of QMP's query-status. */
export function runStateStep(runState: string, isPaused: boolean): RunStateStep {
  switch (runState) {
    case 'running':
      return isPaused ? { type: 'HearResume' } : { type: 'Nothing' };
    case 'prelaunch':
      return isPaused ? { type: 'Nothing' } : { type: 'Continue' };
    case 'shutdown':
      return { type: 'FinishReboot' };
    case 'guest-panicked':
      return isPaused ? { type: 'AnswerPanic' } : { type: 'HearPanic' };
    case 'watchdog':
      return isPaused ? { type: 'Nothing' } : { type: 'HearWatchdog' };
    default:
      return isPaused ? { type: 'Nothing' } : { type: 'HearStop' };
  }
}
