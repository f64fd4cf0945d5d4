// Owns the rows of which actions a machine has in each state, and what they set going.
// Must not test the lifecycle table itself.
import { describe, expect, test } from 'vitest';
import { lifecycle, type MachineState, runStrategies, vmiPhases } from '../../../electron/api/lifecycle.ts';
import { machineVerbs } from '../../../electron/api/verbs.ts';
import {
  type ActionHands,
  type ActionId,
  bulkActions,
  machineActions,
  primaryAction,
} from '../../../renderer/features/machines/actions.ts';
import { refusalKey } from '../../../renderer/features/machines/lifecycle-reasons.ts';
import { machineView } from '../../../renderer/features/machines/machine-view.ts';
import { withDomain, withRunStrategy } from '../../fakes/builders.ts';
import { runningView, stoppedView, storedVm, storedVmi } from './machines.ts';

/** Hands that write down what they are told. */
function hands(isComputer = true): { readonly done: string[]; readonly hands: ActionHands } {
  const done: string[] = [];
  return {
    done,
    hands: {
      label: (id) => id,
      refusal: (sentence) => `because ${sentence}`,
      noneAllowed: (id) => `nobody can ${id}`,
      isComputer,
      hasClusters: isComputer,
      act: (verb, { name }, options) => void done.push(`${verb} ${name}${options === undefined ? '' : ` ${JSON.stringify(options)}`}`),
      suspend: ({ name }) => void done.push(`suspend ${name}`),
      open: (dialog) =>
        void done.push(`${dialog.type} ${'machine' in dialog ? dialog.machine.name : dialog.machines.map(({ name }) => name).join()}`),
      openConsole: ({ name }) => void done.push(`console ${name}`),
    },
  };
}

const paused = storedVm('web', { status: { printableStatus: 'Paused' } }, withRunStrategy('Manual'));
const states = {
  stopped: stoppedView('web'),
  running: runningView('web', withRunStrategy('Manual')),
  paused: machineView(paused, storedVmi(paused, { phase: 'Running', conditions: [{ type: 'Paused', status: 'True' }] })),
  deleting: machineView(
    {
      ...storedVm('web', { status: { printableStatus: 'Terminating' } }),
      metadata: { ...storedVm('web').metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    },
    undefined,
  ),
} as const;

describe('machineActions', () => {
  test.each([
    { state: 'stopped', allowed: ['start', 'discard', 'check', 'describe', 'send', 'delete'], primary: 'start' },
    {
      state: 'running',
      allowed: ['console', 'stop', 'restart', 'pause', 'suspend', 'softreboot', 'describe', 'forceOff', 'reset', 'delete'],
      primary: 'console',
    },
    {
      state: 'paused',
      allowed: ['console', 'stop', 'restart', 'unpause', 'suspend', 'describe', 'forceOff', 'reset', 'delete'],
      primary: 'unpause',
    },
    { state: 'deleting', allowed: ['check'], primary: undefined },
  ] as const)('$state', ({ state, allowed, primary }) => {
    const actions = machineActions(states[state], hands().hands);
    expect(actions.filter(({ disabledReason }) => disabledReason === undefined).map(({ id }) => id)).toEqual(allowed);
    expect(primaryAction(actions)?.id).toBe(primary);
  });

  test('every action that is off says why', () => {
    const off = Object.values(states).flatMap((machine) =>
      machineActions(machine, hands().hands).filter((action) => action.disabledReason !== undefined),
    );
    expect(off.every(({ disabledReason }) => disabledReason?.startsWith('because ') === true)).toBe(true);
  });

  test('what makes suspending impossible is said before anybody presses it', () => {
    const shared = withDomain((domain) => ({ ...domain, devices: { ...domain.devices, filesystems: [{ name: 'home', virtiofs: {} }] } }));
    const suspend = machineActions(runningView('web', shared), hands().hands).find(({ id }) => id === 'suspend');
    expect(suspend?.disabledReason).toBe('because A folder that is shared with this computer would not go back with the disks.');
  });

  test.each([
    { id: 'start', machine: states.stopped, want: ['start web'] },
    { id: 'forceOff', machine: states.running, want: ['forceOff web'] },
    { id: 'console', machine: states.running, want: ['console web'] },
    { id: 'check', machine: states.stopped, want: ['check web'] },
    { id: 'discard', machine: states.stopped, want: ['start web {"discardChanges":true}'] },
    { id: 'suspend', machine: states.running, want: ['suspend web'] },
  ] as const)('$id', ({ id, machine, want }) => {
    const { done, hands: given } = hands();
    machineActions(machine, given)
      .find((action) => action.id === id)!
      .run();
    expect(done).toEqual(want);
  });
});

describe('bulkActions', () => {
  const selection = [stoppedView('a'), runningView('b', withRunStrategy('Manual')), stoppedView('c')];
  const run = (id: ActionId): readonly string[] => {
    const { done, hands: given } = hands();
    bulkActions(selection, given)
      .find((action) => action.id === id)!
      .run();
    return done;
  };

  test('act on those that allow it', () => {
    expect([run('start'), run('pause'), run('delete')]).toEqual([['start a', 'start c'], ['pause b'], ['delete a,b,c']]);
  });

  test('are off when none allows it', () => {
    const unpause = bulkActions(selection, hands().hands).find(({ id }) => id === 'unpause');
    expect(unpause?.disabledReason).toBe('nobody can unpause');
  });
});

test('every sentence of the lifecycle table has plain words', () => {
  const flags = [false, true];
  const all: readonly MachineState[] = [undefined, ...runStrategies].flatMap((runStrategy) =>
    [undefined, ...vmiPhases].flatMap((phase) =>
      flags.flatMap((isPaused) =>
        flags.flatMap((deleting) =>
          flags.flatMap((requestPending) =>
            flags.map((agentConnected) => ({
              name: 'x',
              runStrategy,
              phase,
              paused: isPaused,
              deleting,
              requestPending,
              agentConnected,
              acpi: agentConnected,
              gracePeriodSeconds: 30,
            })),
          ),
        ),
      ),
    ),
  );
  const sentences = new Set(
    all.flatMap((state) =>
      machineVerbs.flatMap((verb) => {
        const verdict = lifecycle(verb, state, { gracePeriodSeconds: 60 });
        return verdict.allowed ? [] : [verdict.message];
      }),
    ),
  );
  expect([...sentences].filter((sentence) => refusalKey(sentence) === undefined)).toEqual([]);
  expect(sentences.size).toBeGreaterThan(10);
});

test('what only a workstation does is not offered on a cluster', () => {
  const here = machineActions(states.stopped, hands().hands).map(({ id }) => id);
  const there = machineActions(states.stopped, hands(false).hands).map(({ id }) => id);
  expect(here.filter((id) => !there.includes(id))).toEqual(['discard', 'suspend', 'check', 'send']);
  expect(there).toContain('bring');
  expect(bulkActions([states.running], hands(false).hands).map(({ id }) => id)).not.toContain('suspend');
});
