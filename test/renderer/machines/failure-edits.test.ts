// Owns the rows of how the window reads and changes what a machine does when its guest fails.
// Must not touch the page.
import { expect, test } from 'vitest';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import {
  type FailureDraft,
  failureDraft,
  failurePatch,
  isFailureDraftValid,
  needsRestart,
} from '../../../renderer/features/machines/failure-edits.ts';
import { latestFailure } from '../../../renderer/features/machines/latest-failure.ts';
import { probeLines } from '../../../renderer/features/machines/probe-text.ts';
import type { Event } from '../../../electron/api/kinds/event.ts';

interface Shape {
  readonly devices?: object;
  readonly notes?: Readonly<Record<string, string>>;
  readonly templateNotes?: Readonly<Record<string, string>>;
}

function machine({ devices = {}, notes, templateNotes }: Shape): VirtualMachine {
  return {
    metadata: { name: 'web', annotations: notes },
    spec: { template: { metadata: { annotations: templateNotes }, spec: { domain: { devices } } } },
  } as unknown as VirtualMachine;
}

const action = 'virtdeck.io/watchdog-action';
const none: FailureDraft = { watchdog: 'off', panic: 'off', order: '', delay: '' };
const dog = { watchdog: { name: 'dog', i6300esb: { action: 'poweroff' } } };

test.each<[string, Shape, FailureDraft]>([
  ['nothing', {}, none],
  ['a watchdog', { devices: dog }, { ...none, watchdog: 'poweroff' }],
  ['one whose action is KubeVirt default', { devices: { watchdog: { name: 'dog', i6300esb: {} } } }, { ...none, watchdog: 'reset' }],
  ['an annotation wins', { devices: dog, notes: { [action]: 'pause' } }, { ...none, watchdog: 'pause' }],
  ['the template wins', { devices: dog, notes: { [action]: 'pause' }, templateNotes: { [action]: 'none' } }, { ...none, watchdog: 'none' }],
  ['a notifier', { devices: { panicDevices: [{ model: 'pvpanic' }] } }, { ...none, panic: 'poweroff' }],
  ['a place', { notes: { 'virtdeck.io/start-order': '2', 'virtdeck.io/start-delay': '30' } }, { ...none, order: '2', delay: '30' }],
])('reads %s', (_name, shape, draft) => {
  expect(failureDraft(machine(shape))).toEqual(draft);
});

const devicesPatch = (devices: object) => ({ spec: { template: { spec: { domain: { devices } } } } });

test.each<[string, Shape, Partial<FailureDraft>, object, boolean]>([
  ['nothing', { devices: dog }, {}, {}, false],
  [
    'a new watchdog',
    {},
    { watchdog: 'poweroff' },
    {
      metadata: { annotations: { [action]: null } },
      ...devicesPatch({ watchdog: { name: 'watchdog', i6300esb: { action: 'poweroff' } } }),
    },
    true,
  ],
  [
    'an action that the field can say, keeping its name',
    { devices: dog },
    { watchdog: 'reset' },
    { metadata: { annotations: { [action]: null } }, ...devicesPatch({ watchdog: { name: 'dog', i6300esb: { action: 'reset' } } }) },
    false,
  ],
  [
    'one that only the annotation can say',
    { devices: dog },
    { watchdog: 'pause' },
    { metadata: { annotations: { [action]: 'pause' } }, ...devicesPatch({ watchdog: { name: 'dog', i6300esb: { action: 'poweroff' } } }) },
    false,
  ],
  [
    'no watchdog',
    { devices: dog },
    { watchdog: 'off' },
    { metadata: { annotations: { [action]: null } }, ...devicesPatch({ watchdog: null }) },
    true,
  ],
  ['a delay', {}, { delay: '5' }, { metadata: { annotations: { 'virtdeck.io/start-delay': '5' } } }, false],
  [
    'what the template says goes',
    { templateNotes: { 'virtdeck.io/start-order': '1' } },
    { order: '' },
    {
      metadata: { annotations: { 'virtdeck.io/start-order': null } },
      spec: { template: { metadata: { annotations: { 'virtdeck.io/start-order': null } }, spec: { domain: { devices: {} } } } },
    },
    false,
  ],
])('changes %s', (_name, ...[shape, change, patch, restart]) => {
  const vm = machine(shape);
  const draft = { ...failureDraft(vm), ...change };
  expect([failurePatch(vm, draft), needsRestart(vm, draft)]).toEqual([patch, restart]);
});

test('numbers only', () => {
  const valid = (order: string, delay: string) => isFailureDraftValid({ ...none, order, delay });
  expect([valid('', ''), valid('9999', '86400'), valid('10000', ''), valid('-1', ''), valid('1.5', ''), valid('', '1m')]).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('probes as one line each', () => {
  const spec = {
    domain: { devices: {} },
    readinessProbe: { httpGet: { port: 8080, path: '/healthz' }, periodSeconds: 5 },
    livenessProbe: { tcpSocket: { port: 22 } },
  };
  expect(probeLines(spec as unknown as Parameters<typeof probeLines>[0])).toEqual([
    { kind: 'readiness', question: 'http 8080/healthz', periodSeconds: 5 },
    { kind: 'liveness', question: 'tcp 22', periodSeconds: 10 },
  ]);
});

test('the newest failure is spoken of until it is dismissed', () => {
  const event = (reason: string, second: number, evidence?: string): Event =>
    ({
      reason,
      message: reason,
      lastTimestamp: `2026-01-02T03:04:0${second}Z`,
      involvedObject: { namespace: 'default', name: 'web' },
      metadata: evidence === undefined ? {} : { annotations: { 'virtdeck.io/evidence': evidence } },
    }) as unknown as Event;
  const web = { namespace: 'default', name: 'web' };
  const events = [event('GuestPanicked', 1, 'a'), event('Watchdog', 2, 'b'), event('Started', 3)];
  expect(latestFailure(events, web)).toEqual({ id: 'b', reason: 'Watchdog', message: 'Watchdog', time: '2026-01-02T03:04:02Z' });
  expect([latestFailure(events, { ...web, dismissed: 'b' }), latestFailure(events, { ...web, dismissed: 'a' })?.id]).toEqual([
    undefined,
    'b',
  ]);
  expect(latestFailure([event('Stopped', 1, 'c')], web)?.reason).toBe('other');
  expect(latestFailure(events, { namespace: 'default', name: 'db' })).toBeUndefined();
});
