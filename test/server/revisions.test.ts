// Owns the journal as a client reads it: over the API, and with `virtdeck history` and `virtdeck undo`.
// Must not prove what can be taken back; core's tests do.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Revision, RevisionList } from '../../electron/api/revision.ts';
import { listen, type Listening } from '../../electron/server/http.ts';
import { named, vm, withMemory, withRunStrategy } from '../fakes/builders.ts';
import { type Asking, carriers, type Connection } from './carriers.ts';
import { type Answer, type Places, virtdeck } from './cli-process.ts';
import { type Core, startCore } from './core-fixture.ts';
import { own, posted, vms } from './rows.ts';

const machine = (name: string, memory = '256Mi') => vm(named(name), withRunStrategy('Manual'), withMemory(memory));
const field = 'spec.template.spec.domain.memory.guest';
const memoryPatch = (guest: string): Asking => ({
  method: 'PATCH',
  headers: { 'content-type': 'application/merge-patch+json' },
  body: JSON.stringify({ spec: { template: { spec: { domain: { memory: { guest } } } } } }),
});

let core: Core;
beforeAll(async () => {
  core = await startCore();
});
afterAll(() => core.close());

describe.each(carriers)('over $name', (carrier) => {
  let connection: Connection;
  let last: string;
  const web = `over-${carriers.indexOf(carrier)}`;
  beforeAll(async () => {
    connection = await carrier.connect(core.router);
    await connection.fetch(`${vms}?fieldManager=ansible`, posted(machine(web)));
    await connection.fetch(`${vms}/${web}`, memoryPatch('512Mi'));
  });
  afterAll(() => connection.close());
  const revisions = async (query: string): Promise<readonly Revision[]> => {
    const list = (await (await connection.fetch(`${own}/revisions?${query}`)).json()) as RevisionList;
    last = list.items[0]?.metadata.name ?? '';
    return list.items;
  };

  test('a list says who changed which fields', async () => {
    const items = await revisions(`resource=virtualmachines.kubevirt.io&namespace=default&name=${web}`);
    expect(items.map(({ manager, operation, object, changes }) => [manager !== '', operation, object.name, changes])).toEqual([
      [true, 'update', web, [{ field, before: '256Mi', after: '512Mi' }]],
      [true, 'create', web, []],
    ]);
    expect(items[1]?.manager).toBe('ansible');
  });

  test('one has the definitions', async () => {
    const revision = (await (await connection.fetch(`${own}/revisions/${last}`)).json()) as Revision;
    expect([revision.before?.metadata.name, revision.after?.['status'], revision.after?.metadata.uid]).toEqual([web, undefined, undefined]);
  });

  test('undo writes, a second undo is refused with the reason', async () => {
    const undone = await connection.fetch(`${own}/revisions/${last}/undo`, { method: 'POST' });
    const again = await connection.fetch(`${own}/revisions/${last}/undo`, { method: 'POST' });
    expect([undone.status, await undone.json(), again.status, await again.json()]).toMatchObject([
      200,
      { undoes: last, changes: [{ field, before: '512Mi', after: '256Mi' }] },
      409,
      { reason: 'Conflict', details: { causes: [{ reason: 'AlreadyUndone' }] } },
    ]);
  });

  test('restore writes over later changes', async () => {
    await connection.fetch(`${vms}/${web}`, memoryPatch('700Mi'));
    const restored = await connection.fetch(`${own}/revisions/${last}/restore`, { method: 'POST' });
    expect([restored.status, await restored.json()]).toMatchObject([200, { changes: [{ field, before: '700Mi', after: '512Mi' }] }]);
  });

  test('a rehearsed undo changes nothing', async () => {
    const [before] = await revisions(`name=${web}`);
    const answer = await connection.fetch(`${own}/revisions/${last}/undo?dryRun=All`, { method: 'POST' });
    const [after] = await revisions(`name=${web}`);
    expect([answer.status, after]).toEqual([200, before]);
  });

  test('a watch tells each new one', async () => {
    const stop = new AbortController();
    const answer = await connection.fetch(`${own}/revisions?watch=true`, { signal: stop.signal });
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    const first = reader.read();
    await connection.fetch(`${vms}/${web}`, memoryPatch('800Mi'));
    const { value = '' } = await first;
    expect(JSON.parse(value)).toMatchObject({ kind: 'Revision', operation: 'update', object: { name: web } });
    await reader.cancel().catch(() => undefined);
    stop.abort();
  });

  test.each([
    { path: 'revisions/0', status: 404 },
    { path: 'revisions/x', status: 404 },
    { path: 'revisions?limit=x', status: 400 },
  ])('$path is refused', async ({ path, status }) => {
    expect((await connection.fetch(`${own}/${path}`)).status).toBe(status);
  });
});

describe('virtdeck', () => {
  let places: Places;
  let listening: Listening;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vd-cli-'));
    places = { data: folder, run: folder };
    listening = await listen({ router: core.router, log: core.log, unixSocket: join(folder, 'api.sock') });
  });
  afterAll(async () => {
    await listening.close();
    rmSync(places.run, { recursive: true });
  });
  const run = (args: string, stdin?: string): Promise<Answer> => virtdeck(places, args.split(' '), stdin === undefined ? {} : { stdin });

  test('history and undo of an edit', async () => {
    await run('create -f -', JSON.stringify(machine('cli')));
    await run('apply -f -', JSON.stringify(machine('cli', '512Mi')));
    const history = await run('history cli');
    const number = /^(\d+) .* update /m.exec(history.stdout)?.[1];
    const full = await run(`history cli --revision ${number}`);
    const undone = await run('undo cli');
    const memory = await run(`get vm cli -o jsonpath={.${field}}`);
    expect([history.stdout.split('\n')[0]?.split(/\s+/), full.stdout, undone.stdout.replace(/\d+/, 'N'), memory.stdout]).toEqual([
      ['REVISION', 'WHEN', 'WHO', 'WHAT', 'CHANGED'],
      expect.stringContaining(`${field}\n  - "256Mi"\n  + "512Mi"\n`),
      'virtualmachine.kubevirt.io/cli rolled back (revision N)\n',
      '256Mi',
    ]);
  });

  test('undo brings a deleted machine back', async () => {
    await run('delete vm cli --no-wait');
    await core.clock.settle();
    const undone = await run('undo vm/cli');
    expect([undone.status, (await run('get vm cli -o name')).stdout]).toEqual([0, 'virtualmachine.kubevirt.io/cli\n']);
  });

  test.each([
    { args: 'history nobody', want: { status: 0, stderr: 'No changes of virtualmachine.kubevirt.io/nobody are kept.\n' } },
    { args: 'undo nobody', want: { status: 1, stderr: 'error: No change of virtualmachine.kubevirt.io/nobody is left to undo.\n' } },
    { args: 'undo cli --revision 1 --to-revision 2', want: { status: 1, stderr: 'error: use --revision or --to-revision, not both\n' } },
  ])('$args', async ({ args, want }) => {
    expect(await run(args)).toMatchObject(want);
  });
});
