// Owns in which order machines come up when the core starts, and how long each waits for those before it.
// Must not start them: a machine looks here when it would begin by itself.
import { annotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf, runStrategyOf } from '../../api/lifecycle.ts';
import type { ObjectMeta } from '../../api/object.ts';
import { timestamp } from '../../api/timestamp.ts';
import { hinderedStatuses } from '../status/printable-status.ts';
import { vmStep } from './vm-step.ts';

export interface MachineAtStart {
  readonly vm: VirtualMachine;
  readonly vmi: VirtualMachineInstance | undefined;
}

export interface StartPlace {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly order: number;
  readonly delayMs: number;
  /** Uid of the run that had ended before: its end says nothing of this start. */
  readonly endedRun: string | undefined;
}

/** Started at that moment (milliseconds since 1970), or not waited for. */
export type StartOutcome = { readonly startedAt: number } | { readonly passed: string };

/** Those that come up by themselves, in their order. As in Proxmox: ascending, equal ones together, those without an order last. */
export interface StartLine {
  readonly places: readonly StartPlace[];
  /** By uid of the VirtualMachine. */
  readonly outcomes: ReadonlyMap<string, StartOutcome>;
}

export type StartTurn =
  | { readonly type: 'Now' }
  /** After the delay of the machine before it: milliseconds since 1970. */
  | { readonly type: 'At'; readonly at: number; readonly after: StartPlace }
  /** Nobody knows yet what becomes of these. */
  | { readonly type: 'After'; readonly names: readonly string[] };

const now: StartTurn = { type: 'Now' };

/** Machines that run already hold nobody up. */
export function startLine(machines: readonly MachineAtStart[], at: number): StartLine {
  const places = machines
    .filter((machine) => isComing(machine, at))
    .map(({ vm, vmi }) => ({
      uid: vm.metadata.uid,
      namespace: vm.metadata.namespace ?? 'default',
      name: vm.metadata.name,
      order: orderOf(vm),
      delayMs: delayMs(vm),
      endedRun: vmi?.metadata.uid,
    }));
  return { places: places.toSorted((a, b) => (a.order === b.order ? 0 : a.order - b.order)), outcomes: new Map() };
}

/** A machine that is not in the line, or has had its turn, waits for nobody. */
export function startTurn({ places, outcomes }: StartLine, uid: string, at: number): StartTurn {
  const own = places.find((place) => place.uid === uid);
  if (own === undefined || outcomes.has(uid)) return now;
  const before = places.filter(({ order }) => order < own.order);
  const unknown = before.filter((place) => !outcomes.has(place.uid));
  if (unknown.length > 0) return { type: 'After', names: unknown.map(({ name }) => name) };
  const ends = before.flatMap((place) => {
    const outcome = outcomes.get(place.uid);
    return outcome !== undefined && 'startedAt' in outcome ? [{ after: place, at: outcome.startedAt + place.delayMs }] : [];
  });
  const [last] = ends.toSorted((a, b) => b.at - a.at);
  return last === undefined || last.at <= at ? now : { type: 'At', ...last };
}

/** What nobody waits for: it may take until somebody does something. A start that goes on has none of these. */
const passedStatuses: readonly string[] = [...hinderedStatuses, 'CrashLoopBackOff'];

/** Of a machine whose turn it is; `vm` has the status of this moment. Undefined while its start goes on. */
export function startOutcome({ vm, vmi }: MachineAtStart, place: StartPlace, at: number): StartOutcome | undefined {
  if (vmi !== undefined && phaseOf(vmi) === 'Running') return { startedAt: at };
  if (!isComing({ vm, vmi }, at) && (vmi === undefined || isFinal(phaseOf(vmi)))) return { passed: 'Stopped' };
  if (vmi !== undefined && isFinal(phaseOf(vmi)) && vmi.metadata.uid !== place.endedRun) return { passed: 'Failed' };
  if (vm.status?.conditions?.some(({ type, status }) => type === 'Failure' && status === 'True') === true) return { passed: 'Failed' };
  const status = vm.status?.printableStatus ?? '';
  return passedStatuses.includes(status) ? { passed: status } : undefined;
}

/** Empty when nobody waits any more: it would be searched at every look at a machine for as long as the core lives. */
export function withOutcome({ places, outcomes }: StartLine, uid: string, outcome: StartOutcome): StartLine {
  const known = new Map([...outcomes, [uid, outcome]]);
  return places.every((place) => known.has(place.uid)) ? { places: [], outcomes: new Map() } : { places, outcomes: known };
}

/** Those whose turn may have come by what became of `uid`. */
export function waitingFor({ places, outcomes }: StartLine, uid: string): readonly StartPlace[] {
  const order = places.find((place) => place.uid === uid)?.order ?? Number.POSITIVE_INFINITY;
  return places.filter((place) => place.order > order && !outcomes.has(place.uid));
}

/** Why a machine does not begin yet; undefined when it is its turn. */
export function turnMessage(turn: StartTurn): string | undefined {
  switch (turn.type) {
    case 'Now':
      return undefined;
    case 'At':
      return `Begins ${turn.after.delayMs / 1000} s after the start of ${turn.after.name}.`;
    case 'After':
      return `Begins in its start order, after ${turn.names.join(', ')}.`;
  }
}

/** With the time at which its turn comes, as far as it is known; the very same object when that is what it says. */
export function withStartTime(metadata: ObjectMeta, turn: StartTurn | undefined): ObjectMeta {
  const at = turn?.type === 'At' ? timestamp(turn.at) : undefined;
  const { [annotations.startsAt]: before, ...others } = metadata.annotations ?? {};
  if (at === before) return metadata;
  if (at !== undefined) return { ...metadata, annotations: { ...others, [annotations.startsAt]: at } };
  const { annotations: _, ...rest } = metadata;
  return Object.keys(others).length === 0 ? rest : { ...rest, annotations: others };
}

/** Whether it would begin by itself. */
export function isComing({ vm, vmi }: MachineAtStart, at: number): boolean {
  if (vm.metadata.deletionTimestamp !== undefined) return false;
  if (vmi === undefined) {
    const { type } = vmStep(vm, undefined, at);
    return type === 'CreateVmi' || type === 'WaitUntil';
  }
  if (!isFinal(phaseOf(vmi))) return false;
  const strategy = runStrategyOf(vm);
  return strategy === 'Always' || (strategy === 'RerunOnFailure' && phaseOf(vmi) === 'Failed');
}

function orderOf({ metadata }: VirtualMachine): number {
  const text = metadata.annotations?.[annotations.startOrder];
  return text === undefined ? Number.POSITIVE_INFINITY : Number(text);
}

function delayMs({ metadata }: VirtualMachine): number {
  return Number(metadata.annotations?.[annotations.startDelay] ?? 0) * 1000;
}
