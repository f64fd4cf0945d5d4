// Owns the proof of starting with the session and of sleep, under a real systemd, a real logind and the bus between them.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('with the session: the core, its machines in their order; they stand still while the computer sleeps', async () => {
  const run = await runInLab({
    program: new URL('programs/session.ts', import.meta.url),
    systemd: true,
    memoryMiB: 2048,
    timeoutMs: 500_000,
    onResult: (value) => console.log(`lab: ${JSON.stringify(value)}`),
  });
  console.log(`lab: done after ${run.seconds.total.toFixed(0)} s`);
  const unitFile = '/root/.config/systemd/user/virtdeck.service';
  expect(run.results).toEqual([
    { withoutSession: { available: false, enabled: false, unitFile, message: expect.stringContaining('No systemd serves this user') } },
    { installed: { available: true, enabled: true, unitFile }, verified: { stdout: '', stderr: '' } },
    { state: 'active', inOrder: true },
    { seen: ['runs', 'PausedHostSleep', 'runs'], sleptWhenPaused: 0, sleptAfter: 1 },
    { disabled: { available: true, enabled: false, unitFile }, state: 'active' },
  ]);
});
