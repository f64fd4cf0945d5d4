// Owns the rows of what each printable status looks like, and which reason is shown.
// Must not test the core's choice of a status.
import { expect, test } from 'vitest';
import { printableStatuses } from '../../../electron/core/status/printable-status.ts';
import { machineStatus } from '../../../renderer/features/machines/machine-status.ts';

const failure = { type: 'Failure', status: 'True', reason: 'QemuExited', message: 'QEMU ended.' };
const unplaced = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'No node has 64 GiB.' };

test.each([
  { name: 'running', status: { printableStatus: 'Running' }, want: { id: 'Running', group: 'running' } },
  {
    name: 'a running machine shows no old reason',
    status: { printableStatus: 'Running', conditions: [failure] },
    want: { id: 'Running', group: 'running' },
  },
  { name: 'stopped', status: { printableStatus: 'Stopped' }, want: { id: 'Stopped', group: 'stopped' } },
  {
    name: 'stopped because the start failed',
    status: { printableStatus: 'Stopped', conditions: [failure] },
    want: { id: 'Failed', group: 'problem', reason: 'QEMU ended.' },
  },
  {
    name: 'cannot be placed',
    status: { printableStatus: 'ErrorUnschedulable', conditions: [unplaced] },
    want: { id: 'ErrorUnschedulable', group: 'problem', reason: 'No node has 64 GiB.' },
  },
  {
    name: 'the failure speaks first',
    status: { printableStatus: 'CrashLoopBackOff', conditions: [unplaced, failure] },
    want: { id: 'CrashLoopBackOff', group: 'problem', reason: 'QEMU ended.' },
  },
  {
    name: 'after others',
    status: { printableStatus: 'Starting', conditions: [{ type: 'StartDelayed', status: 'True' }] },
    want: { id: 'Queued', group: 'changing' },
  },
  { name: 'not looked at yet', status: undefined, want: { id: 'Stopped', group: 'stopped' } },
  { name: 'a status of another version', status: { printableStatus: 'Levitating' }, want: { id: 'Unknown', group: 'problem' } },
])('$name', ({ status, want }) => {
  expect(machineStatus({ status })).toEqual(want);
});

test('every status of the core is known', () => {
  const unknown = printableStatuses.filter((printableStatus) => machineStatus({ status: { printableStatus } }).id === 'Unknown');
  expect(unknown).toEqual([]);
});
