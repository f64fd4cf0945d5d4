// Owns the machines that run under our eyes: their handles, the facts they told and nobody has read yet, the images they hold.
// Must not decide anything; the controller does.
import type { EvidenceReport } from '../api/evidence.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { MachineFact } from '../core/facts.ts';
import type { FailureActions } from '../core/qemu/failure-actions.ts';
import type { LaunchPlan } from '../core/qemu/launch-plan.ts';
import type { StopRung } from '../core/reconcile/stop-ladder.ts';
import type { ResetHistory } from '../core/status/reset-cause.ts';
import type { FactListener, RunningMachine } from './ports.ts';

/** One guest, from the moment its QEMU answers until its end was written down. */
export interface Guest {
  readonly machine: RunningMachine;
  readonly key: ObjectKey;
  readonly runDir: string;
  /** Whom NVRAM, serial log and pictures are kept for. */
  readonly stateOwner: string;
  /** Set when the stop was asked for; the rungs of the ladder that were taken. */
  stop: { readonly since: number; readonly taken: Set<StopRung> } | undefined;
  /** A reboot by the power button is under way: the guest's next shutdown is only half of it. */
  softReboot: { readonly giveUp: () => void; isDown: boolean } | undefined;
  /** Its memory is being written to disk, to be ended then. */
  isBeingSaved: boolean;
  /** It stood still for a while: its clock is set when its agent is there. */
  clockIsBehind: boolean;
  agentConnected: boolean;
  /** Tells a reset by the watchdog from a reboot, and counts one reset once. */
  resets: ResetHistory;
  /** Its guest panicked and stands still; what follows is not done yet. */
  hasPanicked: boolean;
  /** What QEMU was told to do when the guest fails; undefined after an adoption. */
  sentActions: FailureActions | undefined;
  /** The cards that the machine has now, as cardsText writes them; undefined when it was not looked at yet. */
  cards: string | undefined;
  /** This computer's devices that it has now, as devicesText writes them, or what decides over those that it waits for; undefined: look. */
  hostDevices: string | undefined;
  /** Ids of devices that the guest said it keeps. */
  readonly keptDevices: Set<string>;
  /** What its limits were made from, as limitsText writes it; undefined after an adoption: then they are set again. */
  limits: string | undefined;
  /** Its processors and memory, as sizeText writes them; undefined when it was not looked at yet. */
  size: string | undefined;
}

export interface Machines {
  get(uid: string): Guest | undefined;
  all(): readonly Guest[];
  add(guest: Guest): void;
  /** Its end was written down. */
  remove(uid: string): void;
  /** Where the facts of a machine go: kept in order, and the controller is woken. */
  listener(vmi: LaunchPlan['vmi']): FactListener;
  takeFacts(uid: string): readonly MachineFact[];
  /** How many facts it told so far: whether anything happened between a question and its answer. */
  toldTimes(uid: string): number;
  /** Something went wrong that evidence is to be kept of, before the machine is cleaned up. */
  noteFailure(uid: string, report: EvidenceReport): void;
  takeFailures(uid: string): readonly EvidenceReport[];
  /** Image files that a machine is about to write to. QEMU locks them itself, but only once it runs. */
  reserve(uid: string, name: string, paths: readonly string[]): void;
  /** Beside those that it has. */
  reserveMore(uid: string, name: string, paths: readonly string[]): void;
  releasePaths(uid: string, paths: readonly string[]): void;
  release(uid: string): void;
  /** The machine, other than `uid`, that reserved the file. */
  reservedBy(path: string, uid: string): { readonly uid: string; readonly name: string } | undefined;
}

export function createMachines(wake: (key: ObjectKey) => void): Machines {
  const guests = new Map<string, Guest>();
  const unread = new Map<string, MachineFact[]>();
  const told = new Map<string, number>();
  const failures = new Map<string, readonly EvidenceReport[]>();
  const reserved = new Map<string, { readonly name: string; readonly paths: readonly string[] }>();
  return {
    get: (uid) => guests.get(uid),
    all: () => [...guests.values()],
    add: (guest) => void guests.set(guest.machine.vmi.uid, guest),
    remove(uid) {
      guests.delete(uid);
      unread.delete(uid);
      told.delete(uid);
      reserved.delete(uid);
    },
    listener: ({ uid, namespace, name }) => {
      const key: ObjectKey = { resource: resources.virtualMachineInstances, namespace, name };
      return (fact) => {
        const waiting = unread.get(uid) ?? [];
        waiting.push(fact);
        unread.set(uid, waiting);
        told.set(uid, (told.get(uid) ?? 0) + 1);
        wake(key);
      };
    },
    takeFacts(uid) {
      const facts = unread.get(uid) ?? [];
      unread.delete(uid);
      return facts;
    },
    toldTimes: (uid) => told.get(uid) ?? 0,
    noteFailure: (uid, report) => void failures.set(uid, [...(failures.get(uid) ?? []), report]),
    takeFailures(uid) {
      const reports = failures.get(uid) ?? [];
      failures.delete(uid);
      return reports;
    },
    reserve: (uid, name, paths) => void reserved.set(uid, { name, paths }),
    reserveMore(uid, name, paths) {
      const before = reserved.get(uid)?.paths ?? [];
      reserved.set(uid, { name, paths: [...before, ...paths] });
    },
    releasePaths(uid, paths) {
      const before = reserved.get(uid);
      if (before !== undefined) reserved.set(uid, { ...before, paths: before.paths.filter((path) => !paths.includes(path)) });
    },
    release: (uid) => void reserved.delete(uid),
    reservedBy(path, uid) {
      const found = [...reserved].find(([holder, { paths }]) => holder !== uid && paths.includes(path));
      return found === undefined ? undefined : { uid: found[0], name: found[1].name };
    },
  };
}
