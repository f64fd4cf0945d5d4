// Owns lists in pages while the objects change: the pages of one list are of one moment.
// Must not go through a carrier.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { virtualMachineKind } from '../../electron/api/kinds/virtual-machine.ts';
import { resources } from '../../electron/api/resources.ts';
import { listPage, type Page } from '../../electron/server/list-page.ts';
import { selector } from '../../electron/server/selectors.ts';
import { named, vm, withMeta } from '../fakes/builders.ts';
import { type Core, startCore } from './core-fixture.ts';

let core: Core;
beforeEach(async () => {
  core = await startCore();
  await core.engine.create('namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'z' }, spec: {} });
  for (const name of ['a', 'c', 'e', 'g']) await make(name);
  await make('b', 'z');
  await core.clock.settle();
});
afterEach(() => core.close());

async function make(name: string, namespace = 'default'): Promise<void> {
  await core.engine.create(resources.virtualMachines, namespace, { ...vm(named(name, namespace)) });
}

async function remove(name: string, namespace = 'default'): Promise<void> {
  await core.engine.delete({ resource: resources.virtualMachines, namespace, name });
  await core.clock.settle();
}

function page(query: string, namespace?: string): Page {
  const params = new URLSearchParams(query);
  const asked = { kind: virtualMachineKind, query: params, ...(namespace === undefined ? {} : { namespace }) };
  return listPage(core.engine, asked, selector(virtualMachineKind, params));
}

function names({ items }: Page): string {
  return items.map(({ metadata }) => metadata.name).join('');
}

test('what comes, changes and goes between two pages is not seen', async () => {
  const first = page('limit=2');
  expect([names(first), first.metadata.remainingItemCount]).toEqual(['ac', 3]);
  await make('f');
  await remove('e');
  await core.engine.update(
    { resource: resources.virtualMachines, namespace: 'default', name: 'g' },
    { ...vm(named('g'), withMeta({ name: 'g', labels: { new: '1' } })) },
  );
  const second = page(`limit=2&continue=${first.metadata.continue ?? ''}`);
  expect([names(second), second.items[1]?.metadata.labels, second.metadata.resourceVersion]).toEqual([
    'eg',
    undefined,
    first.metadata.resourceVersion,
  ]);
  const third = page(`limit=2&continue=${second.metadata.continue ?? ''}`);
  expect([names(third), third.metadata.continue]).toEqual(['b', undefined]);
  expect(names(page('', 'default'))).toBe('acfg');
});

test('pages of one namespace, with a selector', async () => {
  await core.engine.update(
    { resource: resources.virtualMachines, namespace: 'default', name: 'c' },
    { ...vm(named('c'), withMeta({ name: 'c', labels: { pick: '1' } })) },
  );
  await core.engine.update(
    { resource: resources.virtualMachines, namespace: 'default', name: 'g' },
    { ...vm(named('g'), withMeta({ name: 'g', labels: { pick: '1' } })) },
  );
  const first = page('limit=1&labelSelector=pick', 'default');
  await remove('g');
  const second = page(`limit=1&labelSelector=pick&continue=${first.metadata.continue ?? ''}`, 'default');
  expect([names(first), first.metadata.remainingItemCount, names(second)]).toEqual(['c', undefined, 'g']);
});

test('an exact version is that of then', async () => {
  const { metadata } = page('');
  await remove('a');
  expect(names(page(`resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`))).toBe('acegb');
  expect(names(page(`resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=NotOlderThan`))).toBe('cegb');
});

test('a token that the feed no longer reaches is expired', () => {
  const first = page('limit=2');
  const engine = { ...core.engine, changesSince: () => 'expired' as const };
  const params = new URLSearchParams(`limit=2&continue=${Buffer.from(JSON.stringify([1, 'default', 'c'])).toString('base64url')}`);
  expect(() => listPage(engine, { kind: virtualMachineKind, query: params }, undefined)).toThrow(
    'You must start a new list without the continue parameter',
  );
  expect(first.metadata.continue).toBeDefined();
});

test.each(['x', 'W10', Buffer.from('["1","a","b"]').toString('base64url')])('%s is no token', (token) => {
  expect(() => page(`continue=${token}`)).toThrow('continue: Invalid value');
});
