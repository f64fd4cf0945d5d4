// Owns the proof of the lifecycle table: every verb in every state, and what a state is read from.
// Must not act on machines.
import { describe, expect, test } from 'vitest';
import {
  conflictText,
  lifecycle,
  type MachineState,
  machineState,
  type RunStrategy,
  runStrategies,
  runStrategyOf,
  type VmiPhase,
  vmiPhases,
} from '../../electron/api/lifecycle.ts';
import { type MachineVerb, machineVerbs } from '../../electron/api/verbs.ts';

const idle: MachineState = { name: 'web', paused: false, deleting: false, agentConnected: false, acpi: true };
const yes = 'allowed';

function said(verb: MachineVerb, state: MachineState, options = {}): string {
  const verdict = lifecycle(verb, state, options);
  return verdict.allowed ? yes : verdict.message;
}

const running = 'VM is already running';
const stopped = 'VM is not running';
const phases = ['none', ...vmiPhases] as const;
type PhaseOrNone = 'none' | VmiPhase;
type Row = Readonly<Record<PhaseOrNone, string>>;

/** A row in which every phase has the same answer, but for some. */
function row(answer: string, but: Partial<Row> = {}): Row {
  return {
    none: answer,
    Pending: answer,
    Scheduling: answer,
    Scheduled: answer,
    Running: answer,
    Succeeded: answer,
    Failed: answer,
    Unknown: answer,
    ...but,
  };
}

const whileNotFinal = (answer: string): Partial<Row> => ({
  Pending: answer,
  Scheduling: answer,
  Scheduled: answer,
  Running: answer,
});

/** Verb × run strategy × phase. */
const table: Readonly<Record<'start' | 'stop' | 'restart', Readonly<Record<RunStrategy, Row>>>> = {
  start: {
    Always: row('Always does not support manual start requests', whileNotFinal(running)),
    Once: row('Once does not support manual start requests', whileNotFinal(running)),
    Halted: row(yes, whileNotFinal(running)),
    Manual: row(yes, whileNotFinal(running)),
    RerunOnFailure: row(yes, {
      ...whileNotFinal(running),
      Failed: 'RerunOnFailure does not support starting VM from failed state',
    }),
  },
  stop: {
    Always: row(yes),
    Once: row(yes),
    Halted: row('Halted only supports manual stop requests with a shorter graceperiod', {
      none: stopped,
      Succeeded: stopped,
      Failed: stopped,
    }),
    Manual: row(yes, { none: stopped, Succeeded: stopped, Failed: stopped }),
    RerunOnFailure: row(yes, { none: stopped, Succeeded: stopped, Failed: stopped }),
  },
  restart: {
    Always: row(yes, { none: stopped }),
    Once: row('RunStrategy Once does not support manual restart requests'),
    Halted: row('RunStrategy Halted does not support manual restart requests'),
    Manual: row(yes, { none: stopped }),
    RerunOnFailure: row(yes, { none: stopped }),
  },
};

describe('start, stop and restart by run strategy and phase', () => {
  const cells = (['start', 'stop', 'restart'] as const).flatMap((verb) =>
    runStrategies.flatMap((runStrategy) => phases.map((phase) => ({ verb, runStrategy, phase, want: table[verb][runStrategy][phase] }))),
  );
  test.each(cells)('$verb $runStrategy $phase: $want', ({ verb, runStrategy, phase, want }) => {
    expect(said(verb, { ...idle, runStrategy, ...(phase === 'none' ? {} : { phase }) })).toBe(want);
  });
});

/** The verbs of a run look at its phase and its conditions, never at the strategy. */
const runVerbs: Readonly<
  Record<
    'pause' | 'unpause' | 'softreboot' | 'reset',
    { readonly otherwise: string; readonly running: readonly [Partial<MachineState>, string][] }
  >
> = {
  pause: {
    otherwise: stopped,
    running: [
      [{}, yes],
      [{ paused: true }, 'VMI is already paused'],
    ],
  },
  unpause: {
    otherwise: 'VMI is not running',
    running: [
      [{}, 'VMI is not paused'],
      [{ paused: true }, yes],
    ],
  },
  softreboot: {
    otherwise: stopped,
    running: [
      [{}, yes],
      [{ paused: true }, 'VMI is paused'],
      [{ acpi: false }, 'VMI neither has the agent connected nor the ACPI feature enabled'],
      [{ acpi: false, agentConnected: true }, yes],
    ],
  },
  reset: {
    otherwise: 'VMI is not running',
    running: [
      [{}, yes],
      [{ paused: true }, yes],
    ],
  },
};

describe('the verbs of a run', () => {
  const verbs = ['pause', 'unpause', 'softreboot', 'reset'] as const;
  const cells = verbs.flatMap((verb) => [
    ...phases.filter((phase) => phase !== 'Running').map((phase) => ({ verb, phase, more: {}, want: runVerbs[verb].otherwise })),
    ...runVerbs[verb].running.map(([more, want]) => ({ verb, phase: 'Running' as const, more, want })),
  ]);
  test.each(cells)('$verb $phase $more: $want', ({ verb, phase, more, want }) => {
    const state = { ...idle, ...(phase === 'none' ? {} : { phase }), ...more };
    const answers = [undefined, ...runStrategies].map((runStrategy) =>
      said(verb, runStrategy === undefined ? state : { ...state, runStrategy }),
    );
    expect(new Set(answers)).toEqual(new Set([want]));
  });
});

describe('what else speaks against it', () => {
  test.each<[string, MachineVerb, Partial<MachineState>, object, string]>([
    ['being deleted', 'start', { runStrategy: 'Halted', deleting: true }, {}, 'VM is being deleted'],
    ['being deleted', 'restart', { runStrategy: 'Always', phase: 'Running', deleting: true }, {}, 'VM is being deleted'],
    ['being deleted', 'stop', { runStrategy: 'Always', phase: 'Running', deleting: true }, {}, yes],
    [
      'asked already',
      'start',
      { runStrategy: 'Manual', requestPending: true },
      {},
      'unable to complete request: stop/start already underway',
    ],
    [
      'asked already',
      'start',
      { runStrategy: 'RerunOnFailure', requestPending: true },
      {},
      'unable to complete request: stop/start already underway',
    ],
    [
      'asked already',
      'restart',
      { runStrategy: 'Always', phase: 'Running', requestPending: true },
      {},
      'unable to complete request: stop/start already underway',
    ],
    ['a start that is due', 'stop', { runStrategy: 'RerunOnFailure', requestPending: true }, {}, yes],
    ['a stop replaces what was asked', 'stop', { runStrategy: 'Manual', phase: 'Running', requestPending: true }, {}, yes],
    ['a start that is due is taken back', 'stop', { runStrategy: 'RerunOnFailure', requestPending: true }, {}, yes],
    ['a start that is due is taken back', 'stop', { runStrategy: 'Manual', phase: 'Failed', requestPending: true }, {}, yes],
    ['shorter grace', 'stop', { runStrategy: 'Halted', phase: 'Running', gracePeriodSeconds: 30 }, { gracePeriodSeconds: 0 }, yes],
    ['any grace where there was none', 'stop', { runStrategy: 'Halted', phase: 'Running' }, { gracePeriodSeconds: 60 }, yes],
    [
      'the same grace',
      'stop',
      { runStrategy: 'Halted', phase: 'Running', gracePeriodSeconds: 30 },
      { gracePeriodSeconds: 30 },
      'Halted only supports manual stop requests with a shorter graceperiod',
    ],
    ['no definition', 'start', { phase: 'Running' }, {}, 'there is no VirtualMachine that defines it'],
    ['no definition', 'stop', { phase: 'Running' }, {}, 'there is no VirtualMachine that defines it'],
    ['no definition', 'restart', { phase: 'Running' }, {}, 'there is no VirtualMachine that defines it'],
  ])('%s: %s', (...[, verb, state, options, want]) => {
    expect(said(verb, { ...idle, ...state }, options)).toBe(want);
  });
});

test('every verb is in one of the tables', () => {
  expect([...Object.keys(table), ...Object.keys(runVerbs)].toSorted()).toEqual([...machineVerbs].toSorted());
});

test("the conflict is written as Kubernetes' API server writes it", () => {
  expect([conflictText('start', 'web', running), conflictText('pause', 'web', 'VMI is already paused')]).toEqual([
    'Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": VM is already running',
    'Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "web": VMI is already paused',
  ]);
});

describe('what a state is read from', () => {
  const metadata = {
    name: 'web',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  const vm = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata,
    spec: { running: true, template: { spec: { domain: { devices: {}, features: { acpi: { enabled: false } } } } } },
  };
  const vmi = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata,
    spec: { domain: { devices: {} }, terminationGracePeriodSeconds: 30 },
    status: {
      phase: 'Running',
      conditions: [
        { type: 'Paused', status: 'True' },
        { type: 'AgentConnected', status: 'False' },
      ],
    },
  };

  test('nothing is known', () => {
    expect(machineState(undefined, undefined)).toEqual({
      name: '',
      paused: false,
      deleting: false,
      agentConnected: false,
      acpi: true,
      requestPending: false,
    });
  });

  test('a definition without a run', () => {
    expect(machineState({ ...vm, status: { stateChangeRequests: [{ action: 'Start' }] } }, undefined)).toEqual({
      name: 'web',
      runStrategy: 'Always',
      paused: false,
      deleting: false,
      agentConnected: false,
      acpi: false,
      requestPending: true,
    });
  });

  test('a run that nobody looked at yet is pending; its own features count', () => {
    expect(machineState({ ...vm, metadata: { ...metadata, deletionTimestamp: 'now' } }, { ...vmi, status: {} })).toEqual({
      name: 'web',
      runStrategy: 'Always',
      phase: 'Pending',
      paused: false,
      deleting: true,
      agentConnected: false,
      acpi: true,
      requestPending: false,
      gracePeriodSeconds: 30,
    });
  });

  test('a run alone', () => {
    expect(machineState(undefined, vmi)).toEqual({
      name: 'web',
      phase: 'Running',
      paused: true,
      deleting: false,
      agentConnected: false,
      acpi: true,
      requestPending: false,
      gracePeriodSeconds: 30,
    });
  });

  test.each([
    [{ runStrategy: 'Manual' }, 'Manual'],
    [{ running: true }, 'Always'],
    [{ running: false }, 'Halted'],
    [{}, 'Halted'],
  ])('%j is %s', (given, want) => {
    expect(runStrategyOf({ spec: { ...given, template: {} } })).toBe(want);
  });
});
