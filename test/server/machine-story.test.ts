// Owns one machine's life as a client sees it, over every carrier: made, started, looked at, paused, stopped, deleted.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resourceId } from '../../electron/api/kinds/kind.ts';
import { kinds } from '../../electron/api/kinds/registry.ts';
import type { Condition, KubeObject } from '../../electron/api/object.ts';
import { decode } from '../../electron/api/schema.ts';
import { named, vm, withDataVolumeTemplate, withUserNetwork } from '../fakes/builders.ts';
import { carriers, type Connection } from './carriers.ts';
import { type Core, jsonLines, schemas, startCore } from './core-fixture.ts';
import { api, json, own, posted, subresources, vms } from './rows.ts';

type Machine = KubeObject<{
  readonly status?: { readonly printableStatus?: string; readonly phase?: string; readonly conditions?: readonly Condition[] };
}>;

/** The kinds of which a machine's life makes at least one. */
const writtenByCore: readonly string[] = [
  'ControllerRevision',
  'DataVolume',
  'Event',
  'Namespace',
  'Node',
  'PersistentVolumeClaim',
  'Settings',
  'VirtualMachine',
  'VirtualMachineInstance',
];

const linux = {
  apiVersion: 'instancetype.kubevirt.io/v1beta1',
  kind: 'VirtualMachineClusterPreference',
  metadata: { name: 'linux' },
  spec: { devices: { preferredDiskBus: 'virtio' } },
};

const vmis = `${api}/namespaces/default/virtualmachineinstances`;

describe.each(carriers)('a machine over $name', (carrier) => {
  let core: Core;
  let connection: Connection;
  let watched: AsyncGenerator<Record<string, unknown>>;
  const abort = new AbortController();
  beforeEach(async () => {
    core = await startCore();
    core.host.world.behave({ agentAfterMs: 500 });
    connection = await carrier.connect(core.router);
    watched = jsonLines(await connection.fetch(`${api}/virtualmachines?watch=true`, { signal: abort.signal }));
  });
  afterEach(async () => {
    await watched.return(undefined).catch(() => undefined);
    await connection.close();
    await core.close();
  });

  const put = async (path: string, body?: object): Promise<number> => {
    const asking = body === undefined ? {} : { headers: json, body: JSON.stringify(body) };
    const answer = await connection.fetch(`${subresources}/${path}`, { method: 'PUT', ...asking });
    const text = await answer.text();
    expect([answer.status, text]).toEqual([202, '']);
    return answer.status;
  };
  /** Lets the pretended seconds pass until the watch says so. */
  const becomes = async (status: string): Promise<void> => {
    const seen: (string | undefined)[] = [];
    for (let next = watched.next(); ; next = watched.next()) {
      const line = await withTime(next);
      const object = line['object'] as Machine;
      seen.push(object.status?.printableStatus);
      if (object.status?.printableStatus === status) return;
      if (seen.length > 100) throw new Error(`it never became ${status}: ${seen.join(', ')}`);
    }
  };
  const withTime = async (next: ReturnType<typeof watched.next>): Promise<Record<string, unknown>> => {
    let done = false;
    void next.finally(() => (done = true)).catch(() => undefined);
    await core.clock.settle();
    // A carrier needs real turns, the pretended computer needs pretended time.
    for (let step = 0; !done && step < 400; step++) await core.clock.advance(100);
    const { value } = await next;
    return value as Record<string, unknown>;
  };
  const get = async <T = Machine>(path: string): Promise<T> => (await (await connection.fetch(path)).json()) as T;

  test('lives', async () => {
    const created = await connection.fetch(vms, posted(vm(named('web'), withUserNetwork())));
    expect(created.status).toBe(201);
    await becomes('Stopped');

    const check = await connection.fetch(`${subresources}/virtualmachines/web/start?dryRun=All`, { method: 'PUT' });
    const { allowed, causes, command } = (await check.json()) as {
      allowed: boolean;
      causes: unknown[];
      command: { flag: string; field?: string }[];
    };
    expect([check.status, allowed, causes]).toEqual([200, true, []]);
    expect(command.map(({ flag }) => flag)).toContain('-machine');

    await put('virtualmachines/web/start');
    await becomes('Running');
    expect((await get(`${vmis}/web`)).status?.phase).toBe('Running');
    const again = await connection.fetch(`${subresources}/virtualmachines/web/start`, { method: 'PUT' });
    expect([again.status, await again.json()]).toMatchObject([
      409,
      { reason: 'Conflict', message: expect.stringContaining('already running') as string },
    ]);

    const heard = await say('console', 'root\n', 'login: root\n');
    expect(heard).toBe('login: root\n');
    const log = await connection.fetch(`${own}/namespaces/default/virtualmachineinstances/web/serial-log`);
    expect(await log.text()).toBe('login: root\n');
    expect(await say('vnc', '', 'RFB 003.008\n')).toBe('RFB 003.008\n');
    const picture = await connection.fetch(`${subresources}/virtualmachineinstances/web/vnc/screenshot`);
    const png = Buffer.from(await picture.arrayBuffer());
    expect([picture.headers.get('content-type'), png.subarray(1, 4).toString()]).toEqual(['image/png', 'PNG']);
    await core.clock.advance(1_000);
    expect(await get<object>(`${subresources}/virtualmachineinstances/web/guestosinfo`)).toMatchObject({
      os: { name: 'Debian GNU/Linux' },
    });

    await put('virtualmachineinstances/web/pause', {});
    await becomes('Paused');
    expect((await get(`${vmis}/web`)).status?.conditions?.find(({ type }) => type === 'Paused')?.status).toBe('True');
    await put('virtualmachineinstances/web/unpause');
    await becomes('Running');

    await put('virtualmachines/web/stop', { gracePeriod: 30 });
    await becomes('Stopped');
    expect((await connection.fetch(`${vmis}/web`)).status).toBe(404);

    await connection.fetch(`${vms}/web`, { method: 'DELETE' });
    for (let tries = 0; (await connection.fetch(`${vms}/web`)).status !== 404 && tries < 50; tries++) await core.clock.advance(100);
    expect((await connection.fetch(`${vms}/web`)).status).toBe(404);
    const events = await get<{ items: { reason: string }[] }>(`/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dweb`);
    expect(events.items.length).toBeGreaterThan(0);
    expect(core.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('what the core writes itself has the shape that it asks of others', async () => {
    await connection.fetch('/apis/instancetype.kubevirt.io/v1beta1/virtualmachineclusterpreferences', posted(linux));
    const machine = vm(named('web'), withUserNetwork(), withDataVolumeTemplate('root'));
    await connection.fetch(vms, posted({ ...machine, spec: { ...machine.spec, preference: { name: 'linux' } } }));
    await put('virtualmachines/web/start');
    await becomes('Running');
    await core.clock.advance(1_000);
    const objects = kinds.flatMap((kind) => core.engine.list(resourceId(kind)).items.map((object) => ({ kind, object })));
    expect([...new Set(objects.map(({ kind }) => kind.kind))]).toEqual(expect.arrayContaining([...writtenByCore]));
    const wrong = objects.flatMap(({ kind, object }) =>
      decode(schemas, kind.schema, object).map(({ message }) => `${kind.kind} ${object.metadata.name}: ${message}`),
    );
    expect(wrong).toEqual([]);
  });

  /** Opens a console, writes, and hears `enough`. */
  async function say(name: 'console' | 'vnc', words: string, enough: string): Promise<string> {
    const channel = connection.open(`${subresources}/virtualmachineinstances/web/${name}`);
    const chunks: Uint8Array[] = [];
    const heard = new Promise<string>((resolve) => {
      channel.onData((chunk) => {
        chunks.push(Uint8Array.from(chunk));
        const text = Buffer.concat(chunks).toString();
        if (text.length >= enough.length) resolve(text);
      });
    });
    if (words !== '') channel.write(Buffer.from(words));
    const text = await heard;
    channel.close();
    return text;
  }
});
