// Owns the rows of who comes up when, after the core starts.
// Must not start anything.
import { expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { type MachineAtStart, startSchedule } from '../../../electron/core/reconcile/start-order.ts';

const now = 1_000_000;

interface Row {
  readonly order?: string;
  readonly delay?: string;
  readonly strategy?: string;
  readonly phase?: string;
}

function machine(uid: string, { order, delay, strategy = 'Always', phase }: Row): MachineAtStart {
  const annotations = {
    ...(order === undefined ? {} : { 'virtdeck.io/start-order': order }),
    ...(delay === undefined ? {} : { 'virtdeck.io/start-delay': delay }),
  };
  const vm = { metadata: { uid, name: uid, annotations }, spec: { runStrategy: strategy, template: {} } } as unknown as VirtualMachine;
  return { vm, vmi: phase === undefined ? undefined : ({ metadata: { uid: `${uid}-run` }, status: { phase } } as VirtualMachineInstance) };
}

/** Seconds after the start of the core, by machine; absent: at once. */
function waits(rows: Readonly<Record<string, Row>>): Readonly<Record<string, number>> {
  const machines = Object.entries(rows).map(([uid, row]) => machine(uid, row));
  return Object.fromEntries([...startSchedule(machines, now)].map(([uid, at]) => [uid, (at - now) / 1000]));
}

test.each<[string, Readonly<Record<string, Row>>, Readonly<Record<string, number>>]>([
  ['nobody has an order', { a: {}, b: {} }, {}],
  ['an order without a delay', { a: { order: '1' }, b: { order: '2' } }, {}],
  [
    'a database, its application, the rest',
    { db: { order: '1', delay: '30' }, app: { order: '2', delay: '10' }, web: {} },
    { app: 30, web: 40 },
  ],
  [
    'equal places together wait for the slowest',
    { a: { order: '1', delay: '5' }, b: { order: '1', delay: '20' }, c: { order: '2' } },
    { c: 20 },
  ],
  ['numbers, not letters', { a: { order: '10' }, b: { order: '9', delay: '7' } }, { a: 7 }],
  ['one that runs already holds nobody up', { db: { order: '1', delay: '30', phase: 'Running' }, app: { order: '2' } }, {}],
  ['one whose computer was restarted does', { db: { order: '1', delay: '30', phase: 'Failed' }, app: { order: '2' } }, { app: 30 }],
  [
    'one that ended well is not in line',
    { db: { order: '1', delay: '30', strategy: 'RerunOnFailure', phase: 'Succeeded' }, app: { order: '2' } },
    {},
  ],
  [
    'one that failed is',
    { db: { order: '1', delay: '30', strategy: 'RerunOnFailure', phase: 'Failed' }, app: { order: '2' } },
    { app: 30 },
  ],
  ['one that nobody starts does not', { db: { order: '1', delay: '30', strategy: 'Halted' }, app: { order: '2' } }, {}],
  ['a manual one is not in line', { db: { order: '1', delay: '30' }, app: { order: '2', strategy: 'Manual' } }, {}],
  ['a delay without an order is waited for by nobody before it', { a: { delay: '30' }, b: { order: '1' } }, {}],
])('%s', (_name, rows, expected) => {
  expect(waits(rows)).toEqual(expected);
});
