// Owns the rows of what a new core does with what it finds.
// Must not adopt anything.
import { expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { adoptionStep, runStateStep } from '../../../electron/core/reconcile/adoption.ts';

const alive = { alive: true } as const;
const dead = { alive: false, exit: { type: 'EndedUnwatched' } } as const;

function run(phase: string | undefined): VirtualMachineInstance {
  return { spec: { domain: { devices: {} } }, ...(phase === undefined ? {} : { status: { phase } }) } as VirtualMachineInstance;
}

test.each([
  { phase: 'nobody knows it', vmi: undefined, ifAlive: 'ReportUnknown', ifDead: 'RemoveLeftovers' },
  { phase: 'not yet looked at', vmi: run(undefined), ifAlive: 'EndUnstarted', ifDead: 'RemoveLeftovers' },
  { phase: 'Pending', vmi: run('Pending'), ifAlive: 'EndUnstarted', ifDead: 'RemoveLeftovers' },
  { phase: 'Scheduling', vmi: run('Scheduling'), ifAlive: 'EndUnstarted', ifDead: 'RemoveLeftovers' },
  { phase: 'Scheduled', vmi: run('Scheduled'), ifAlive: 'EndUnstarted', ifDead: 'RemoveLeftovers' },
  { phase: 'Running', vmi: run('Running'), ifAlive: 'Adopt', ifDead: 'RecordExit' },
  { phase: 'Succeeded', vmi: run('Succeeded'), ifAlive: 'EndForgotten', ifDead: 'RemoveLeftovers' },
  { phase: 'Failed', vmi: run('Failed'), ifAlive: 'EndForgotten', ifDead: 'RemoveLeftovers' },
])('$phase', ({ vmi, ifAlive, ifDead }) => {
  expect([adoptionStep(alive, vmi).type, adoptionStep(dead, vmi).type]).toEqual([ifAlive, ifDead]);
});

test('how it ended goes along', () => {
  expect(adoptionStep(dead, run('Running'))).toEqual({ type: 'RecordExit', exit: { type: 'EndedUnwatched' } });
});

test.each([
  { state: 'running', written: 'Nothing', paused: 'HearResume' },
  { state: 'prelaunch', written: 'Continue', paused: 'Nothing' },
  { state: 'paused', written: 'HearStop', paused: 'Nothing' },
  { state: 'io-error', written: 'HearStop', paused: 'Nothing' },
  { state: 'guest-panicked', written: 'HearPanic', paused: 'AnswerPanic' },
  { state: 'watchdog', written: 'HearWatchdog', paused: 'Nothing' },
  { state: 'shutdown', written: 'FinishReboot', paused: 'FinishReboot' },
])('QEMU says $state', ({ state, written, paused }) => {
  expect([runStateStep(state, false).type, runStateStep(state, true).type]).toEqual([written, paused]);
});
