// Owns how long a transfer that is over is kept. What it moves is proven with two cores, in clients/transfers.test.ts.
import { expect, test } from 'vitest';
import type { Transfer } from '../../electron/api/kinds/transfer.ts';
import { resources } from '../../electron/api/resources.ts';
import { startCore, type TestCore } from './harness.ts';

const dayMs = 24 * 3_600_000;

function transfer({ store }: TestCore): Transfer | undefined {
  return store.get({ resource: resources.transfers, namespace: 'default', name: 'gone' }) as Transfer | undefined;
}

async function ended(): Promise<TestCore> {
  const core = await startCore();
  const spec = { direction: 'send', connection: 'nowhere', machine: 'web', disks: 'upload' };
  await core.made({ apiVersion: 'virtdeck.io/v1alpha1', kind: 'Transfer', metadata: { name: 'gone', namespace: 'default' }, spec });
  // The journey is loaded with the first of them.
  await expect.poll(() => transfer(core)?.status?.phase).toBe('Failed');
  return core;
}

test('one that failed is there for a week, also over a new start, and then forgotten', async () => {
  const core = await ended();
  await core.clock.advance(6 * dayMs);
  expect(transfer(core)?.status?.phase).toBe('Failed');
  const again = await core.reborn();
  expect(transfer(again)).toBeDefined();
  await again.clock.advance(dayMs);
  expect(transfer(again)).toBeUndefined();
});

test('one that succeeded is there for a day', async () => {
  const core = await ended();
  const key = { resource: resources.transfers, namespace: 'default', name: 'gone' };
  core.store.transaction((tx) => {
    const failed = transfer(core);
    if (failed === undefined) throw new Error('There is no transfer.');
    const succeeded: Transfer = { ...failed, status: { ...failed.status, phase: 'Succeeded' } };
    tx.replace(key.resource, succeeded);
  });
  await core.settle();
  await core.clock.advance(dayMs - 60_000);
  expect(transfer(core)).toBeDefined();
  await core.clock.advance(60_000);
  expect(transfer(core)).toBeUndefined();
});
