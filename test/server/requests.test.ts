// Owns asking every row of the tables over every carrier.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named, secret, vm, withMeta } from '../fakes/builders.ts';
import { carriers, type Connection } from './carriers.ts';
import { type Core, startCore } from './core-fixture.ts';
import { applyRows } from './rows-apply.ts';
import { createRows } from './rows-create.ts';
import { discoveryRows } from './rows-discovery.ts';
import { machinesRows } from './rows-machines.ts';
import { readRows } from './rows-read.ts';
import { writeRows } from './rows-write.ts';
import { api } from './rows.ts';

const rows = [...discoveryRows, ...readRows, ...createRows, ...writeRows, ...applyRows, ...machinesRows];

describe.each(carriers)('over $name', (carrier) => {
  let core: Core;
  let connection: Connection;
  beforeAll(async () => {
    core = await startCore();
    await core.engine.create('namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' }, spec: {} });
    for (const part of [withMeta({ name: 'web', labels: { app: 'web' } }), withMeta({ name: 'api', labels: { app: 'api' } })]) {
      await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(part) });
    }
    await core.engine.create('virtualmachines.kubevirt.io', 'other', { ...vm(named('other', 'other')) });
    await core.engine.create('secrets', 'default', { ...secret({ name: 'keys', stringData: { a: 'b' } }) });
    await core.clock.settle();
    connection = await carrier.connect(core.router);
  });
  afterAll(async () => {
    await connection.close();
    await core.close();
  });

  test.each(rows)('$name', async ({ path, asking, status, body, absent, headers }) => {
    const answer = await connection.fetch(path, asking);
    const text = await answer.text();
    if (typeof body === 'string') expect(text).toBe(body);
    else if (body !== undefined) expect(JSON.parse(text)).toMatchObject(body);
    for (const gone of absent ?? []) expect(JSON.parse(text)).not.toHaveProperty(gone);
    expect(answer.status).toEqual(status);
    for (const [name, value] of Object.entries(headers ?? {})) expect(answer.headers.get(name)).toBe(value);
    expect(core.log.lines).toEqual([]);
  });

  test('pages go on where the last one ended, at the version of the first', async () => {
    const pages: {
      metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
      items: { metadata: { name: string } }[];
    }[] = [];
    let next = '';
    do {
      const answer = await connection.fetch(`${api}/virtualmachines?limit=1${next === '' ? '' : `&continue=${next}`}`);
      const page = (await answer.json()) as (typeof pages)[number];
      pages.push(page);
      next = page.metadata.continue ?? '';
      // Something changes between two pages: a watch from the first one's version would tell.
      await core.engine.create('secrets', 'default', { ...secret({ name: `page-${pages.length}`, stringData: {} }) });
    } while (next !== '');
    expect(pages.map(({ items }) => items.map(({ metadata }) => metadata.name))).toEqual([['api'], ['web'], ['other']]);
    expect(pages.map(({ metadata }) => metadata.remainingItemCount)).toEqual([2, 1, undefined]);
    expect(new Set(pages.map(({ metadata }) => metadata.resourceVersion)).size).toBe(1);
    await connection.fetch('/api/v1/namespaces/default/secrets', { method: 'DELETE' });
  });
});
