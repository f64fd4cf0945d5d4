// Owns the proof of the run strategy table: every strategy with every run, request and back-off.
// Must not test how a step is taken.
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine, VirtualMachineStatus } from '../../../electron/api/kinds/virtual-machine.ts';
import { type RunStrategy, runStrategies, type VmiPhase, vmiPhases } from '../../../electron/api/lifecycle.ts';
import { vmStep, type VmStep } from '../../../electron/core/reconcile/vm-step.ts';

const now = Date.parse('2026-05-01T10:00:00Z');
const metadata = {
  name: 'web',
  namespace: 'default',
  uid: 'vm',
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: '2026-05-01T09:00:00Z',
};

function machine(runStrategy: RunStrategy, status: VirtualMachineStatus = {}): VirtualMachine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata,
    spec: { runStrategy, template: { spec: { domain: { devices: {} } } } },
    status,
  };
}

function run(phase: VmiPhase): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { ...metadata, uid: 'run' },
    spec: { domain: { devices: {} } },
    status: { phase },
  };
}

/** Steps in short. */
function inShort(step: VmStep): string {
  switch (step.type) {
    case 'Nothing':
      return '-';
    case 'CreateVmi':
      return step.paused ? 'create paused' : 'create';
    case 'DeleteVmi':
      return step.thenStart ? 'delete, then start' : 'delete';
    case 'SetRunStrategy':
      return `set ${step.runStrategy}`;
    case 'WaitUntil':
      return `wait ${(step.at - now) / 1000} s`;
  }
}

const start = { stateChangeRequests: [{ action: 'Start' }] };
const pausedStart = { stateChangeRequests: [{ action: 'Start', data: { paused: 'true' } }] };
const stop = { stateChangeRequests: [{ action: 'Stop', uid: 'run' }] };
const restart = { stateChangeRequests: [{ action: 'Stop', uid: 'run' }, { action: 'Start' }] };
const staleStop = { stateChangeRequests: [{ action: 'Stop', uid: 'another run' }] };
const failing = (second: number): VirtualMachineStatus => ({
  startFailure: {
    consecutiveFailCount: 1,
    lastFailedVMIUID: 'old',
    retryAfterTimestamp: `2026-05-01T10:00:${String(second).padStart(2, '0')}Z`,
  },
});

type Cells = Readonly<Record<RunStrategy, string>>;
const all = (cell: string, but: Partial<Cells> = {}): Cells => ({
  Always: cell,
  RerunOnFailure: cell,
  Manual: cell,
  Halted: cell,
  Once: cell,
  ...but,
});

describe('without a run', () => {
  const rows: readonly [string, (strategy: RunStrategy) => VirtualMachineStatus, Cells][] = [
    ['never ran', () => ({}), all('create', { Manual: '-', Halted: '-' })],
    [
      'ran before under this strategy',
      (runStrategy) => ({ runStrategy }),
      all('create', { Manual: '-', Halted: '-', RerunOnFailure: '-' }),
    ],
    ['ran before under another strategy', () => ({ runStrategy: 'another' }), all('create', { Manual: '-', Halted: '-' })],
    ['start asked', (runStrategy) => ({ runStrategy, ...start }), all('create', { Halted: 'set Always' })],
    ['paused start asked', (runStrategy) => ({ runStrategy, ...pausedStart }), all('create paused', { Halted: 'set Always' })],
    [
      'stop not yet forgotten',
      (runStrategy) => ({ runStrategy, ...stop }),
      all('create', { Manual: '-', Halted: '-', RerunOnFailure: '-' }),
    ],
    ['failed at the start, 10 s to go', () => failing(10), all('wait 10 s', { Manual: '-', Halted: '-', Once: 'create' })],
    ['failed at the start, waited long enough', () => failing(0), all('create', { Manual: '-', Halted: '-' })],
    [
      'failed at the start, start asked',
      (runStrategy) => ({ runStrategy, ...failing(10), ...start }),
      all('wait 10 s', { Manual: 'create', Halted: 'set Always', Once: 'create' }),
    ],
  ];
  const cells = rows.flatMap(([name, status, row]) =>
    runStrategies.map((strategy) => ({ name, strategy, status: status(strategy), want: row[strategy] })),
  );
  test.each(cells)('$name, $strategy: $want', ({ strategy, status, want }) => {
    expect(inShort(vmStep(machine(strategy, status), undefined, now))).toBe(want);
  });
});

describe('with a run', () => {
  const goingOn: Cells = all('-', { Halted: 'delete' });
  const table: Readonly<Record<VmiPhase, Cells>> = {
    Pending: goingOn,
    Scheduling: goingOn,
    Scheduled: goingOn,
    Running: goingOn,
    Unknown: goingOn,
    Succeeded: all('delete', { Manual: '-', Once: '-' }),
    Failed: all('delete', { Manual: '-', Once: '-', RerunOnFailure: 'delete, then start' }),
  };
  const cells = vmiPhases.flatMap((phase) => runStrategies.map((strategy) => ({ phase, strategy, want: table[phase][strategy] })));

  test.each(cells)('$phase, $strategy: $want', ({ phase, strategy, want }) => {
    const asked = [{}, start, staleStop].map((status) => inShort(vmStep(machine(strategy, status), run(phase), now)));
    expect(asked).toEqual([want, want, want]);
  });

  test.each(cells)('$phase, $strategy, stop asked', ({ phase, strategy, want }) => {
    const stopped = strategy === 'Once' || want !== '-' ? want : 'delete';
    const asked = [stop, restart].map((status) => inShort(vmStep(machine(strategy, status), run(phase), now)));
    expect(asked).toEqual([stopped, stopped]);
  });

  test('that is ending already is waited for', () => {
    const ending = (phase: VmiPhase): VirtualMachineInstance => {
      const vmi = run(phase);
      return { ...vmi, metadata: { ...vmi.metadata, deletionTimestamp: '2026-05-01T09:59:00Z' } };
    };
    const steps = vmiPhases.flatMap((phase) =>
      runStrategies.map((strategy) => inShort(vmStep(machine(strategy, stop), ending(phase), now))),
    );
    expect(new Set(steps)).toEqual(new Set(['-']));
  });
});

describe('a machine that is being deleted', () => {
  const deleted = (strategy: RunStrategy): VirtualMachine => {
    const vm = machine(strategy, start);
    return { ...vm, metadata: { ...metadata, deletionTimestamp: '2026-05-01T09:59:00Z' } };
  };

  test.each(runStrategies)('%s ends its run and makes none', (strategy) => {
    expect([inShort(vmStep(deleted(strategy), run('Running'), now)), inShort(vmStep(deleted(strategy), undefined, now))]).toEqual([
      'delete',
      '-',
    ]);
  });
});
