// Owns the clock of liveness and readiness probes: when each guest is asked next, and what the answers so far come to.
// Must not decide what an answer means for the run; core does.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../api/lifecycle.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import {
  type ProbeName,
  type ProbePlan,
  type ProbeState,
  firstProbeState,
  probeNames,
  probePlan,
  probeStateAfter,
} from '../core/reconcile/probes.ts';
import { isTrue } from '../core/status/conditions.ts';
import type { Guest } from './machines.ts';
import type { Clock, ProbeAnswer, StoreReader } from './ports.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

/** Answers in a row have become a verdict. */
export interface ProbeVerdict {
  readonly key: ObjectKey;
  readonly probe: ProbeName;
  readonly passes: boolean;
  /** Of the answer that decided it. */
  readonly message: string;
}

export interface Probes {
  /** Asks from now on, as its definition says; a second call changes nothing. */
  follow(guest: Guest): void;
  close(): void;
}

export interface ProbesParts {
  readonly store: StoreReader;
  readonly clock: Clock;
  readonly onVerdict: (verdict: ProbeVerdict) => void;
  readonly onFailure: (guest: Guest, error: unknown) => void;
}

export function createProbes(parts: ProbesParts): Probes {
  const { store, clock } = parts;
  /** By uid: cancels what is due next, one entry for each probe. */
  const followed = new Map<string, Map<ProbeName, () => void>>();

  const current = ({ key, machine }: Guest): VirtualMachineInstance | undefined => {
    const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
    return vmi?.metadata.uid === machine.vmi.uid && phaseOf(vmi) === 'Running' ? vmi : undefined;
  };
  const schedule = (guest: Guest, turn: Turn, afterMs: number): void => {
    followed.get(guest.machine.vmi.uid)?.set(
      turn.name,
      clock.after(afterMs, () => void take(guest, turn)),
    );
  };
  const take = async (guest: Guest, { name, state }: Turn): Promise<void> => {
    const { uid } = guest.machine.vmi;
    const vmi = current(guest);
    const plan = vmi === undefined ? undefined : probePlan(vmi, name);
    if (vmi === undefined || plan === undefined) {
      followed.delete(uid);
      return;
    }
    const next = isAskable(vmi) ? await ask(guest, plan, { name, state }) : state;
    schedule(guest, { name, state: next }, plan.periodMs);
  };
  const ask = async (guest: Guest, plan: ProbePlan, { name, state }: Turn): Promise<ProbeState> => {
    let answer: ProbeAnswer;
    try {
      answer = await guest.machine.probe(plan.question, plan.timeoutMs);
    } catch (error) {
      parts.onFailure(guest, error);
      answer = { succeeded: false, message: textOf(error) };
    }
    const after = current(guest);
    // Paused, stopped or ended while it was asked: its silence says nothing.
    if (after === undefined || !isAskable(after)) return state;
    const next = probeStateAfter(state, answer.succeeded, plan);
    const isVerdict = next.streak?.times === (answer.succeeded ? plan.successThreshold : plan.failureThreshold);
    if (isVerdict) parts.onVerdict({ key: guest.key, probe: name, passes: next.passes, message: answer.message });
    return next;
  };

  return {
    follow(guest) {
      const { uid } = guest.machine.vmi;
      if (followed.has(uid)) return;
      const vmi = current(guest);
      if (vmi === undefined) return;
      followed.set(uid, new Map());
      for (const name of probeNames) {
        const plan = probePlan(vmi, name);
        if (plan !== undefined) schedule(guest, { name, state: firstProbeState(name) }, plan.initialDelayMs);
      }
    },
    close() {
      for (const cancels of followed.values()) for (const cancel of cancels.values()) cancel();
      followed.clear();
    },
  };
}

interface Turn {
  readonly name: ProbeName;
  readonly state: ProbeState;
}

/** A paused guest cannot answer, and one that is asked to end need not. */
function isAskable({ metadata, status }: VirtualMachineInstance): boolean {
  return metadata.deletionTimestamp === undefined && !isTrue(status?.conditions, 'Paused');
}
