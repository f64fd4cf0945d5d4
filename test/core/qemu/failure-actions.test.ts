// Owns the rows of what a manifest and our annotations ask for when a guest fails, and how resets are told apart.
// Must not act.
import { expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { failureActions, qemuPanicAction } from '../../../electron/core/qemu/failure-actions.ts';
import { type ResetHistory, resetCause } from '../../../electron/core/status/reset-cause.ts';
import { ownAnnotationCauses } from '../../../electron/core/validate/machine/own-annotations.ts';

type Devices = VirtualMachineInstance['spec']['domain']['devices'];

function asked(devices: Devices, notes: Readonly<Record<string, string>> = {}) {
  return failureActions({ spec: { domain: { devices } }, metadata: { annotations: notes } });
}

const dog = (action?: string): Devices => ({ watchdog: { name: 'dog', i6300esb: action === undefined ? {} : { action } } });
const notifier: Devices = { panicDevices: [{ model: 'pvpanic' }] };

test.each([
  ['no device', asked({}), {}],
  ['a watchdog that says nothing', asked(dog()), { watchdog: 'reset' }],
  ['an empty action', asked(dog('')), { watchdog: 'reset' }],
  ['its field', asked(dog('poweroff')), { watchdog: 'poweroff' }],
  ['the annotation wins', asked(dog('poweroff'), { [annotations.watchdogAction]: 'pause' }), { watchdog: 'pause' }],
  ['an annotation without a device', asked({}, { [annotations.watchdogAction]: 'pause' }), {}],
  ['a word nobody knows', asked(dog('explode')), {}],
  ['a panic device', asked(notifier), { panic: 'poweroff' }],
  ['a panic that resets', asked(notifier, { [annotations.panicAction]: 'reset' }), { panic: 'reset' }],
])('%s', (_name, found, expected) => {
  expect(found).toEqual(expected);
});

test('QEMU stops a guest that panicked for everything that is done about it', () => {
  expect((['poweroff', 'reset', 'pause', 'none'] as const).map(qemuPanicAction)).toEqual(['pause', 'pause', 'pause', 'none']);
});

test.each<{ name: string; history: ResetHistory; at: number; cause: string | undefined }>([
  { name: 'a reboot', history: {}, at: 100_000, cause: 'guest' },
  { name: 'right after a bite', history: { bittenAt: 99_990 }, at: 100_000, cause: 'watchdog' },
  { name: 'long after a bite', history: { bittenAt: 60_000 }, at: 100_000, cause: 'guest' },
  { name: 'the same reset, told again', history: { bittenAt: 99_000, resetAt: 99_100 }, at: 100_000, cause: undefined },
  { name: 'a second reboot', history: { resetAt: 80_000 }, at: 100_000, cause: 'guest' },
])('$name is told as $cause', ({ history, at, cause }) => {
  expect(resetCause(history, at)).toBe(cause);
});

test.each([
  [annotations.watchdogAction, 'inject-nmi', 0],
  [annotations.watchdogAction, 'explode', 1],
  [annotations.panicAction, 'reset', 0],
  [annotations.panicAction, 'shutdown', 1],
  [annotations.bootMenu, '10', 0],
  [annotations.bootMenu, '0', 1],
  [annotations.bootMenu, '61', 1],
  [annotations.startOrder, '1', 0],
  [annotations.startOrder, 'first', 1],
  [annotations.startOrder, '-1', 1],
  [annotations.startDelay, '30', 0],
  [annotations.startDelay, '86401', 1],
  [annotations.startDelay, '30s', 1],
])('%s: %s', (name, value, refusals) => {
  const causes = ownAnnotationCauses({ [name]: value }, 'metadata');
  expect([causes.length, causes.every(({ field }) => field === `metadata.annotations[${name}]`)]).toEqual([refusals, true]);
});
