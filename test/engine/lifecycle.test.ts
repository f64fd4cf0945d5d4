// Owns the proof of the machine's life as a client sees it.
// Must not look inside.
import { expect, test } from 'vitest';
import { vm, withRunStrategy } from '../fakes/builders.ts';
import { startCore } from './harness.ts';

test('a machine that should always run, runs', async () => {
  const core = await startCore();
  await core.made(vm(withRunStrategy('Always')));
  expect(core.vmi()?.status?.phase).toBe('Running');
});
