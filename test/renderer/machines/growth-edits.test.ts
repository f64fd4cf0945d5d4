// Owns which edits of processors and memory a running machine has at once.
import { expect, test } from 'vitest';
import { editors } from '../../../renderer/features/machines/machine-editors.ts';
import { machineRemarks } from '../../../renderer/features/machines/machine-remarks.ts';
import { machineView } from '../../../renderer/features/machines/machine-view.ts';
import { withDomain } from '../../fakes/builders.ts';
import { storedVm, storedVmi } from './machines.ts';

const roomy = withDomain((domain) => ({
  ...domain,
  cpu: { sockets: 2, cores: 1, threads: 1, maxSockets: 4 },
  memory: { guest: '2Gi', maxGuest: '4Gi' },
}));
const vm = storedVm('web', {}, roomy);
const running = machineView(
  vm,
  storedVmi(vm, { phase: 'Running', memory: { guestAtBoot: '2Gi', guestCurrent: '2Gi', guestRequested: '2Gi' } }),
);

const cpu = { sockets: 2, cores: 1, threads: 1, maxSockets: 4 };
test.each([
  [cpu, false],
  [{ ...cpu, sockets: 4 }, false],
  [{ ...cpu, sockets: 5, maxSockets: 5 }, true],
  [{ ...cpu, sockets: 1 }, true],
  [{ ...cpu, cores: 2 }, true],
  [{ ...cpu, maxSockets: 8 }, true],
])('processors %j: restart %s', (draft, restarts) => {
  const { needsRestart } = editors.cpu;
  expect(typeof needsRestart === 'function' && needsRestart(running, draft)).toBe(restarts);
});

test.each([
  [{ amount: 2, max: 4, unit: 'GiB' as const }, false],
  [{ amount: 4, max: 4, unit: 'GiB' as const }, false],
  [{ amount: 3, max: 4, unit: 'GiB' as const }, false],
  [{ amount: 1, max: 4, unit: 'GiB' as const }, true],
  [{ amount: 3, max: 8, unit: 'GiB' as const }, true],
])('memory %j: restart %s', (draft, restarts) => {
  const { needsRestart } = editors.memory;
  expect(typeof needsRestart === 'function' && needsRestart(running, draft)).toBe(restarts);
});

test('both dialogs read and write the room', () => {
  expect([editors.cpu.read(running), editors.memory.read(running)]).toEqual([cpu, { amount: 2, max: 4, unit: 'GiB' }]);
  expect(editors.memory.patch(running, { amount: 2, max: 2, unit: 'GiB' }).at(-1)).toMatchObject({ value: { guest: '2Gi' } });
  expect(editors.cpu.patch(running, { ...cpu, maxSockets: 2 }).at(-1)).toMatchObject({ value: { sockets: 2, cores: 1, threads: 1 } });
});

test('what it waits for is a remark', () => {
  const conditions = [{ type: 'HotMemoryChange', status: 'False', reason: 'FailedCreate', message: 'exceeded quota: team' }];
  expect(machineRemarks({ ...running, vm: { ...vm, status: { conditions } } })).toEqual([
    { type: 'growing', refused: true, message: 'exceeded quota: team' },
  ]);
});
