// Owns when an action on a machine is allowed: one table for the router, every button and every menu.
// Must not perform anything; KubeVirt's sentences come from pkg/virt-api/rest/lifecycle.go (v1.9.0).
import type { MachineVerb } from './verbs.ts';

export type RunStrategy = 'Always' | 'RerunOnFailure' | 'Manual' | 'Halted' | 'Once';

export type VmiPhase = 'Pending' | 'Scheduling' | 'Scheduled' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';

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
}

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly message: string };

/** Says whether `verb` may act on a machine in `state`, or why not in KubeVirt's words. */
export function lifecycle(verb: MachineVerb, state: MachineState): Verdict {
  return rows[verb](state);
}

const allowed: Verdict = { allowed: true };
const rows: Readonly<Record<MachineVerb, (state: MachineState) => Verdict>> = {
  start: () => allowed,
  stop: () => allowed,
  restart: () => allowed,
  pause: () => allowed,
  unpause: () => allowed,
  softreboot: () => allowed,
  reset: () => allowed,
};
