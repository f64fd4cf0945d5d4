// Owns what can be done with machines: one list for menu, bulk bar, page header and command palette.
// Must not decide what is allowed; the lifecycle table does.
import { isFinal, lifecycle, suspendRefusal } from '../../../electron/api/lifecycle.ts';
import { suspendHindrances } from '../../../electron/api/state-hindrances.ts';
import type { MachineVerb, MachineVerbOptions } from '../../../electron/api/verbs.ts';
import { isSuspended } from './machine-status.ts';
import type { MachineView } from './machine-view.ts';

const actionIds = [
  'start',
  'discard',
  'console',
  'stop',
  'restart',
  'pause',
  'unpause',
  'suspend',
  'softreboot',
  'check',
  'describe',
  'send',
  'bring',
  'forceOff',
  'reset',
  'delete',
] as const;
export type ActionId = (typeof actionIds)[number];

export interface Action {
  readonly id: ActionId;
  readonly label: string;
  /** Why it cannot be done now, in words. */
  readonly disabledReason?: string;
  readonly isDanger: boolean;
  readonly run: () => void;
}

/** Dialogs that an action opens. */
export type MachineDialog =
  | { readonly type: 'delete' | 'forceOff' | 'reset'; readonly machines: readonly MachineView[] }
  | { readonly type: 'describe' | 'check' | 'discardState' | 'transfer'; readonly machine: MachineView };

export interface ActionHands {
  /** The label of an action, and the words of the core's refusals. */
  readonly label: (id: ActionId) => string;
  readonly refusal: (sentence: string) => string;
  /** Why none of several machines allows it. */
  readonly noneAllowed: (id: ActionId) => string;
  /** Otherwise a cluster: what only a workstation does is not offered. */
  readonly isComputer: boolean;
  /** There is a cluster to send machines to. */
  readonly hasClusters: boolean;
  readonly act: (verb: MachineVerb, machine: MachineView, options?: MachineVerbOptions) => void;
  readonly suspend: (machine: MachineView) => void;
  readonly open: (dialog: MachineDialog) => void;
  readonly openConsole: (machine: MachineView) => void;
}

interface Row {
  readonly id: ActionId;
  /** Offered for a selection too. */
  readonly many: boolean;
  readonly isDanger?: true;
  /** Where it is offered: a workstation does what no cluster knows, and the other way round. Absent: everywhere. */
  readonly where?: (hands: ActionHands) => boolean;
  /** A sentence of the core's, or undefined when it may be done. */
  readonly refusal: (machine: MachineView) => string | undefined;
  readonly run: (machines: readonly MachineView[], hands: ActionHands) => void;
}

const onComputer = ({ isComputer }: ActionHands): boolean => isComputer;

const rows: readonly Row[] = [
  verbRow('start', 'start'),
  {
    id: 'discard',
    many: false,
    where: onComputer,
    refusal: ({ state, vm }) => refused('start', state) ?? (isSuspended(vm) ? 'The machine is suspended to disk' : undefined),
    run: ([machine], hands) => machine !== undefined && hands.act('start', machine, { discardChanges: true }),
  },
  {
    id: 'console',
    many: false,
    refusal: ({ state }) => (state.phase === 'Running' ? undefined : 'VMI is not running'),
    run: ([machine], hands) => machine !== undefined && hands.openConsole(machine),
  },
  verbRow('stop', 'stop'),
  verbRow('restart', 'restart'),
  verbRow('pause', 'pause'),
  verbRow('unpause', 'unpause'),
  {
    id: 'suspend',
    many: true,
    where: onComputer,
    refusal: ({ state, vmi }) => suspendRefusal(state) ?? (vmi === undefined ? undefined : suspendHindrances(vmi)[0]?.message),
    run: (machines, hands) => {
      for (const machine of machines) hands.suspend(machine);
    },
  },
  verbRow('softreboot', 'softreboot'),
  {
    id: 'check',
    many: false,
    where: onComputer,
    refusal: ({ state }) => (state.phase === 'Running' ? 'VM is already running' : undefined),
    run: ([machine], hands) => machine !== undefined && hands.open({ type: 'check', machine }),
  },
  {
    id: 'describe',
    many: false,
    refusal: ({ state }) => (state.deleting ? 'VM is being deleted' : undefined),
    run: ([machine], hands) => machine !== undefined && hands.open({ type: 'describe', machine }),
  },
  transferRow('send', ({ isComputer, hasClusters }) => isComputer && hasClusters),
  transferRow('bring', ({ isComputer }) => !isComputer),
  {
    id: 'forceOff',
    many: true,
    isDanger: true,
    // A power cut needs something that has power.
    refusal: ({ state }) => (state.phase === undefined ? 'VM is not running' : refused('stop', state, { gracePeriodSeconds: 0 })),
    run: (machines, hands) => hands.open({ type: 'forceOff', machines }),
  },
  {
    id: 'reset',
    many: true,
    isDanger: true,
    refusal: ({ state }) => refused('reset', state),
    run: (machines, hands) => hands.open({ type: 'reset', machines }),
  },
  {
    id: 'delete',
    many: true,
    isDanger: true,
    refusal: ({ state }) => (state.deleting ? 'VM is being deleted' : undefined),
    run: (machines, hands) => hands.open({ type: 'delete', machines }),
  },
];

/** Everything for one machine, in the order of the menu. */
export function machineActions(machine: MachineView, hands: ActionHands): readonly Action[] {
  return offered(hands).map((row) => {
    const sentence = row.refusal(machine);
    return {
      id: row.id,
      label: hands.label(row.id),
      disabledReason: sentence === undefined ? undefined : hands.refusal(sentence),
      isDanger: row.isDanger ?? false,
      run: () => row.run([machine], hands),
    };
  });
}

/** What a selection can be told: an action acts on those that allow it, and is off when none does. */
export function bulkActions(machines: readonly MachineView[], hands: ActionHands): readonly Action[] {
  return offered(hands)
    .filter(({ many }) => many)
    .map((row) => {
      const able = machines.filter((machine) => row.refusal(machine) === undefined);
      return {
        id: row.id,
        label: hands.label(row.id),
        disabledReason: able.length > 0 ? undefined : hands.noneAllowed(row.id),
        isDanger: row.isDanger ?? false,
        run: () => row.run(able, hands),
      };
    });
}

function offered(hands: ActionHands): readonly Row[] {
  return rows.filter(({ where }) => where?.(hands) !== false);
}

/** The button in the header: what one most likely wants now. */
export function primaryAction(actions: readonly Action[]): Action | undefined {
  const wanted: readonly ActionId[] = ['unpause', 'console', 'start'];
  return wanted.map((id) => actions.find((action) => action.id === id)).find((action) => action?.disabledReason === undefined);
}

function transferRow(id: 'send' | 'bring', where: (hands: ActionHands) => boolean): Row {
  return {
    id,
    many: false,
    where,
    refusal: ({ state }) => {
      if (state.deleting) return 'VM is being deleted';
      return state.phase === undefined || isFinal(state.phase) ? undefined : 'The machine runs: its disks change while they are copied.';
    },
    run: ([machine], hands) => machine !== undefined && hands.open({ type: 'transfer', machine }),
  };
}

function verbRow(id: ActionId, verb: MachineVerb): Row {
  return {
    id,
    many: true,
    refusal: ({ state }) => refused(verb, state),
    run: (machines, hands) => {
      for (const machine of machines) hands.act(verb, machine);
    },
  };
}

function refused(verb: MachineVerb, state: MachineView['state'], options?: MachineVerbOptions): string | undefined {
  const verdict = lifecycle(verb, state, options);
  return verdict.allowed ? undefined : verdict.message;
}
