// Owns the rows of who comes up when, after the core starts.
// Must not start anything.
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import {
  type MachineAtStart,
  type StartLine,
  type StartOutcome,
  startLine,
  startOutcome,
  startTurn,
  turnMessage,
  waitingFor,
  withOutcome,
  withStartTime,
} from '../../../electron/core/reconcile/start-order.ts';

const now = Date.parse('2026-05-01T10:00:00Z');

interface Row {
  readonly order?: string;
  readonly delay?: string;
  readonly strategy?: string;
  readonly phase?: string;
  readonly run?: string;
  readonly status?: string;
  readonly failed?: boolean;
}

function machine(
  uid: string,
  { order, delay, strategy = 'Always', phase, run = `${uid}-run`, status, failed = false }: Row,
): MachineAtStart {
  const annotations = {
    ...(order === undefined ? {} : { 'virtdeck.io/start-order': order }),
    ...(delay === undefined ? {} : { 'virtdeck.io/start-delay': delay }),
  };
  const vm = {
    metadata: { uid, name: uid, annotations },
    spec: { runStrategy: strategy, template: {} },
    status: { printableStatus: status, conditions: failed ? [{ type: 'Failure', status: 'True' }] : [] },
  } as unknown as VirtualMachine;
  return { vm, vmi: phase === undefined ? undefined : ({ metadata: { uid: run }, status: { phase } } as VirtualMachineInstance) };
}

const lineOf = (rows: Readonly<Record<string, Row>>): StartLine =>
  startLine(
    Object.entries(rows).map(([uid, row]) => machine(uid, row)),
    now,
  );

/** What became of machines: seconds after the start of the core, or why nobody waits for it. */
type Outcomes = Readonly<Record<string, number | string>>;

function turns(rows: Readonly<Record<string, Row>>, outcomes: Outcomes): Readonly<Record<string, string>> {
  const told = Object.entries(outcomes).map(([uid, what]): readonly [string, StartOutcome] => [
    uid,
    typeof what === 'number' ? { startedAt: now + what * 1000 } : { passed: what },
  ]);
  const line = told.reduce((before, [uid, outcome]) => withOutcome(before, uid, outcome), lineOf(rows));
  return Object.fromEntries(
    Object.keys(rows).map((uid) => {
      const turn = startTurn(line, uid, now + 1_000);
      if (turn.type === 'Now') return [uid, 'now'];
      return [uid, turn.type === 'After' ? `after ${turn.names.join(' ')}` : `at ${(turn.at - now) / 1000} by ${turn.after.name}`];
    }),
  );
}

const three = { db: { order: '1', delay: '30' }, app: { order: '2', delay: '10' }, web: {} };

describe('whose turn it is', () => {
  test.each<[string, Readonly<Record<string, Row>>, Outcomes, Readonly<Record<string, string>>]>([
    ['nobody has an order', { a: {}, b: {} }, {}, { a: 'now', b: 'now' }],
    ['an order without a delay', { a: { order: '1' }, b: { order: '2' } }, {}, { a: 'now', b: 'after a' }],
    ['without a delay its start is enough', { a: { order: '1' }, b: { order: '2' } }, { a: 1 }, { a: 'now', b: 'now' }],
    ['a database, its application, the rest', three, {}, { db: 'now', app: 'after db', web: 'after db app' }],
    ['the delay counts from the start before', three, { db: 20 }, { db: 'now', app: 'at 50 by db', web: 'after app' }],
    ['and so does the next', three, { db: 20, app: 52 }, { db: 'now', app: 'now', web: 'at 62 by app' }],
    [
      'a long delay outlasts those between',
      { ...three, app: { order: '2' } },
      { db: 0, app: 'Failed' },
      { db: 'now', app: 'now', web: 'at 30 by db' },
    ],
    ['one that could not be started is not waited for', three, { db: 'ErrorUnschedulable' }, { db: 'now', app: 'now', web: 'after app' }],
    [
      'equal places together wait for the slowest',
      { a: { order: '1', delay: '5' }, b: { order: '1', delay: '20' }, c: { order: '2' } },
      { a: 3, b: 1 },
      { a: 'now', b: 'now', c: 'at 21 by b' },
    ],
    ['numbers, not letters', { a: { order: '10' }, b: { order: '9', delay: '7' } }, {}, { a: 'after b', b: 'now' }],
    ['one that runs already', { db: { order: '1', delay: '30', phase: 'Running' }, app: { order: '2' } }, {}, { db: 'now', app: 'now' }],
    ['one whose computer was restarted', { db: { order: '1', phase: 'Failed' }, app: { order: '2' } }, {}, { db: 'now', app: 'after db' }],
    [
      'one that ended well is not in line',
      { db: { order: '1', strategy: 'RerunOnFailure', phase: 'Succeeded' }, app: { order: '2' } },
      {},
      { db: 'now', app: 'now' },
    ],
    [
      'one that failed is',
      { db: { order: '1', strategy: 'RerunOnFailure', phase: 'Failed' }, app: { order: '2' } },
      {},
      { db: 'now', app: 'after db' },
    ],
    ['one that nobody starts', { db: { order: '1', strategy: 'Halted' }, app: { order: '2' } }, {}, { db: 'now', app: 'now' }],
    ['a manual one waits for nobody', { db: { order: '1' }, app: { order: '2', strategy: 'Manual' } }, {}, { db: 'now', app: 'now' }],
    ['a delay without an order is waited for by nobody', { a: { delay: '30' }, b: { order: '1' } }, {}, { a: 'after b', b: 'now' }],
  ])('%s', (...[, rows, outcomes, expected]) => {
    expect(turns(rows, outcomes)).toEqual(expected);
  });

  test('nobody is kept in the line when the last has had its turn', () => {
    const line = withOutcome(lineOf({ db: { order: '1' }, app: { order: '2' } }), 'db', { startedAt: now });
    expect(line.places).toHaveLength(2);
    expect(withOutcome(line, 'app', { passed: 'Stopped' })).toEqual({ places: [], outcomes: new Map() });
  });

  test('who is to be looked at again', () => {
    const line = withOutcome(lineOf({ ...three, late: {} }), 'web', { passed: 'Stopped' });
    expect(['db', 'app', 'late', 'elsewhere'].map((uid) => waitingFor(line, uid).map(({ name }) => name))).toEqual([
      ['app', 'late'],
      ['late'],
      [],
      [],
    ]);
  });
});

describe('what became of it', () => {
  const before: Row = { order: '1', phase: 'Failed', run: 'old' };
  test.each<[string, Row, StartOutcome | undefined]>([
    ['its guest runs', { phase: 'Running', status: 'Running', run: 'new' }, { startedAt: now }],
    ['it is being started', { phase: 'Scheduled', status: 'Starting', run: 'new' }, undefined],
    ['its run before is not removed yet', { phase: 'Failed', status: 'Stopped', run: 'old' }, undefined],
    ['its start failed', { phase: 'Failed', status: 'Stopped', run: 'new' }, { passed: 'Failed' }],
    ['it ended at once', { phase: 'Succeeded', status: 'Stopped', run: 'new' }, { passed: 'Failed' }],
    ['it is refused', { phase: 'Scheduling', status: 'ErrorUnschedulable', run: 'new' }, { passed: 'ErrorUnschedulable' }],
    ['its disk is still being made', { status: 'Provisioning' }, { passed: 'Provisioning' }],
    ['it waits for its next try', { status: 'CrashLoopBackOff' }, { passed: 'CrashLoopBackOff' }],
    ['it was stopped meanwhile', { strategy: 'Halted', status: 'Stopped' }, { passed: 'Stopped' }],
    ['it names an instance type that is not there', { status: 'Starting', failed: true }, { passed: 'Failed' }],
  ])('%s', (_name, row, expected) => {
    const [place] = lineOf({ db: before }).places;
    if (place === undefined) throw new Error('db is not in the line');
    expect(startOutcome(machine('db', row), place, now)).toEqual(expected);
  });
});

test('it is said, and its time is kept where programs find it', () => {
  const turn = startTurn(withOutcome(lineOf(three), 'db', { startedAt: now }), 'app', now + 1_000);
  const metadata = machine('app', { order: '2' }).vm.metadata;
  const waiting = withStartTime(metadata, turn);
  expect([turnMessage(turn), waiting.annotations?.['virtdeck.io/starts-at']]).toEqual([
    'Begins 30 s after the start of db.',
    '2026-05-01T10:00:30Z',
  ]);
  expect(turnMessage(startTurn(lineOf(three), 'web', now))).toBe('Begins in its start order, after db, app.');
  expect([withStartTime(waiting, turn), withStartTime(waiting, undefined)]).toEqual([waiting, metadata]);
});
