// Owns what the router does beside the routes: failures of our own, races, browser addresses, who wrote.
import { expect, test } from 'vitest';
import type { WriteOptions } from '../../electron/engine/engine-port.ts';
import { AppError } from '../../electron/api/errors.ts';
import type { Caller } from '../../electron/server/router.ts';
import { named, vm } from '../fakes/builders.ts';
import { type Core, type CoreOptions, startCore } from './core-fixture.ts';
import { api, json, merge, own, vms } from './rows.ts';

const direct: Caller = { name: 'test', transport: 'direct', role: 'admin' };

async function ask(
  core: Core,
  path: string,
  more: { readonly init?: RequestInit; readonly caller?: Caller } = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await core.router.handle(new Request(`http://virtdeck${path}`, more.init), more.caller ?? direct);
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

async function withCore(options: CoreOptions, work: (core: Core) => Promise<void>): Promise<void> {
  const core = await startCore(options);
  try {
    await work(core);
  } finally {
    await core.close();
  }
}

test('a failure of our own tells the client nothing and the log everything', async () => {
  const get = (): never => {
    throw new TypeError('x is not a function');
  };
  await withCore({ override: () => ({ get }) }, async (core) => {
    const { status, body } = await ask(core, `${vms}/web`);
    expect(status).toBe(500);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      code: 500,
      reason: 'InternalError',
      message: 'Internal error occurred: the log of the core says more.',
      details: { name: 'web', group: 'kubevirt.io', kind: 'virtualmachines' },
    });
    expect(core.log.lines).toEqual([
      {
        level: 'error',
        message: 'A request failed for a reason of our own.',
        fields: { message: 'x is not a function', stack: expect.stringContaining('router.test.ts') as string },
      },
    ]);
  });
});

test('a client that has left gets no answer, and the log no line', async () => {
  const abort = new AbortController();
  const computer = async (): Promise<never> => {
    abort.abort();
    throw new Error('interrupted');
  };
  await withCore({ override: () => ({ computer }) }, async (core) => {
    const answer = await core.router.handle(new Request(`http://virtdeck${own}/computer`, { signal: abort.signal }), direct);
    expect([answer.status, await answer.text(), core.log.lines]).toEqual([499, '', []]);
  });
});

/** An engine in which somebody else labels the machine before each of the first updates. */
function racing(times: number): CoreOptions {
  let races = 0;
  return {
    override: (engine) => ({
      async update(key, draft, options) {
        if (races++ < times) {
          const object = engine.get(key);
          await engine.update(key, {
            ...object,
            metadata: { ...object.metadata, labels: { race: String(races) } },
          });
        }
        return engine.update(key, draft, options);
      },
    }),
  };
}

const patch = { method: 'PATCH', headers: merge, body: '{"metadata":{"annotations":{"note":"mine"}}}' };

test('a patch that lost a race is made again from what is there now', async () => {
  await withCore(racing(4), async (core) => {
    await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named('web')) });
    const { status, body } = await ask(core, `${vms}/web`, { init: patch });
    expect([status, body]).toMatchObject([200, { metadata: { labels: { race: '4' }, annotations: { note: 'mine' } } }]);
  });
});

test('after five lost races it says so', async () => {
  await withCore(racing(99), async (core) => {
    await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named('web')) });
    expect(await ask(core, `${vms}/web`, { init: patch })).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
  });
});

test('a patch that names its version is never made again', async () => {
  await withCore(racing(1), async (core) => {
    const { metadata } = await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named('web')) });
    const body = JSON.stringify({ metadata: { resourceVersion: metadata.resourceVersion, annotations: { note: 'mine' } } });
    expect(await ask(core, `${vms}/web`, { init: { ...patch, body } })).toMatchObject({ status: 409 });
  });
});

test('a conflict that no race explains is answered at once', async () => {
  let updates = 0;
  const update = async (): Promise<never> => {
    updates += 1;
    throw new AppError('Conflict', 'the disk is in use');
  };
  await withCore({ override: () => ({ update }) }, async (core) => {
    await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named('web')) });
    await core.clock.settle();
    expect(await ask(core, `${vms}/web`, { init: patch })).toMatchObject({ status: 409, body: { message: 'the disk is in use' } });
    expect(updates).toBe(1);
  });
});

test.each([
  { query: '', caller: { name: 'kubectl', transport: 'unix', role: 'admin' } as const, manager: 'kubectl' },
  { query: '?fieldManager=flux', caller: { name: 'kubectl', transport: 'unix', role: 'admin' } as const, manager: 'flux' },
])('the journal learns who wrote: $manager', async ({ query, caller, manager }) => {
  const seen: (WriteOptions | undefined)[] = [];
  const override: CoreOptions['override'] = (engine) => ({
    create(...[resource, namespace, draft, options]) {
      seen.push(options);
      return engine.create(resource, namespace, draft, options);
    },
  });
  await withCore({ override }, async (core) => {
    await ask(core, `${vms}${query}`, { init: { method: 'POST', headers: json, body: JSON.stringify(vm()) }, caller });
    expect(seen).toEqual([{ dryRun: false, manager }]);
  });
});

test.each(['unix', 'port', 'direct'] as const)('a browser address is handed out over %s', async (transport) => {
  const listeners = async (): Promise<{ url: string }> => ({ url: 'http://127.0.0.1:8080/?code=x' });
  await withCore({ listeners }, async (core) => {
    const answer = await ask(core, `${own}/listeners`, { init: { method: 'POST' }, caller: { name: 'cli', transport, role: 'admin' } });
    expect(answer).toEqual({ status: 201, body: { url: 'http://127.0.0.1:8080/?code=x' } });
  });
});

test('deleting a selection passes over what has gone in the meantime', async () => {
  const gone: string[] = [];
  const override: CoreOptions['override'] = (engine) => ({
    async delete(key, options) {
      gone.push(key.name);
      if (key.name === 'b') throw new AppError('NotFound', 'it has gone');
      return engine.delete(key, options);
    },
  });
  await withCore({ override }, async (core) => {
    for (const name of ['a', 'b', 'c']) await core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named(name)) });
    const { status, body } = await ask(core, `${api}/namespaces/default/virtualmachines`, { init: { method: 'DELETE' } });
    expect([status, gone]).toEqual([200, ['a', 'b', 'c']]);
    expect(body).toMatchObject({ items: [{ metadata: { name: 'a' } }, { metadata: { name: 'c' } }] });
  });
});
