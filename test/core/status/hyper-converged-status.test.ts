// Owns the sentence about mediated devices in the status of HyperConverged, as many as there are.
// Must not make any; the engine's tests do.
import { expect, test } from 'vitest';
import { hyperConvergedStatus } from '../../../electron/core/status/hyper-converged-status.ts';

test.each<[number, string]>([
  [0, '0 mediated devices are there, as wanted.'],
  [1, '1 mediated device is there, as wanted.'],
  [2, '2 mediated devices are there, as wanted.'],
])('%i', (there, message) => {
  const outcome = { facts: { authorities: [] } as never, durations: {} as never, failures: [], mediated: { there, causes: [] } };
  const { conditions } = hyperConvergedStatus({ spec: {}, status: undefined, generation: 1 }, outcome, 0);
  expect(conditions?.find(({ type }) => type === 'MediatedDevicesConfigured')?.message).toBe(message);
});
