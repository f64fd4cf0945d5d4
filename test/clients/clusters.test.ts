// Connections: one core speaks to another as it would to a cluster, over HTTPS, with the user's kubeconfig.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ConnectionReport, ContextList } from '../../electron/api/clusters.ts';
import type { ConnectionSpec } from '../../electron/api/kinds/connection.ts';
import type { KubeObject } from '../../electron/api/object.ts';
import type { Status } from '../../electron/api/errors.ts';
import { resources } from '../../electron/api/resources.ts';
import { createClusters } from '../../electron/host/clusters/clusters.ts';
import type { Caller } from '../../electron/server/router.ts';
import { named, vm } from '../fakes/builders.ts';
import { virtdeck } from '../server/cli-process.ts';
import { jsonLines } from '../server/core-fixture.ts';
import { serveCore, type ServingCore } from './serving-core.ts';

const admin: Caller = { name: 'test', transport: 'direct', role: 'admin' };
const viewer: Caller = { ...admin, role: 'view' };
const root = '/apis/virtdeck.io/v1alpha1';
const proxy = `${root}/connections/lab/proxy`;
const machines = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';

let home: ServingCore;
let far: ServingCore;
const clusters = createClusters();

beforeAll(async () => {
  far = await serveCore();
  home = await serveCore({ clusters });
  await connect('lab', { kubeconfig: far.kubeconfigs.admin, context: 'virtdeck' });
  await connect('looking', { kubeconfig: far.kubeconfigs.view, context: 'virtdeck' });
});

afterAll(async () => {
  clusters.close();
  await home.close();
  await far.close();
});

async function connect(name: string, spec: ConnectionSpec): Promise<void> {
  await home.engine.create(resources.connections, undefined, {
    apiVersion: 'virtdeck.io/v1alpha1',
    kind: 'Connection',
    metadata: { name },
    spec,
  });
}

async function ask(path: string, init: RequestInit = {}, caller: Caller = admin): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string> | undefined) };
  return home.router.handle(new Request(`http://virtdeck${path}`, { ...init, headers }), caller);
}

async function asked<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await ask(path, init);
  const value = (await response.json()) as T;
  expect(response.status, JSON.stringify(value)).toBeLessThan(300);
  return value;
}

function review(spec: ConnectionSpec): Promise<ConnectionReport> {
  return asked<ConnectionReport>(`${root}/connectionreviews`, { method: 'POST', body: JSON.stringify({ spec }) });
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { server: string; 'certificate-authority'?: string } }[];
  readonly users: readonly { user: object }[];
}

/** One that is there, changed. */
async function kubeconfig(name: string, change: (config: Kubeconfig) => void): Promise<string> {
  const config = parse(await readFile(far.kubeconfigs.admin, 'utf8')) as Kubeconfig;
  change(config);
  const file = join(home.folder, name);
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

describe('a connection', () => {
  test('reads the contexts of a kubeconfig, with the program that each would run and no secret', async () => {
    const list = await asked<ContextList>(`${root}/kubeconfig?path=${encodeURIComponent(far.kubeconfigs.printed)}`);
    expect(list.contexts).toMatchObject([{ name: 'virtdeck', server: far.origin, credential: 'command', isCurrent: true }]);
    expect(list.contexts[0]?.command).toContain('credential');
    const withKey = JSON.stringify(await asked(`${root}/kubeconfig?path=${encodeURIComponent(far.kubeconfigs.admin)}`));
    expect(withKey).not.toMatch(/key|BEGIN/i);
  });

  test('says what it can be used for', async () => {
    expect(await asked<ConnectionReport>(`${root}/connections/lab/report`)).toMatchObject({
      usable: true,
      causes: [],
      server: far.origin,
      namespace: 'default',
      everywhere: true,
      may: { list: true, create: true, start: true, console: true },
      has: { disks: true, networks: true },
    });
    const looking = await asked<ConnectionReport>(`${root}/connections/looking/report`);
    expect(looking).toMatchObject({ usable: true, may: { list: true, create: false, start: false, console: false } });
  });

  test.each<readonly [why: string, change: (config: Kubeconfig) => void, expected: object]>([
    ['nobody listens', (c) => void (c.clusters[0]!.cluster.server = 'https://127.0.0.1:9'), { reason: 'Unreachable' }],
    ['a name that nobody knows', (c) => void (c.clusters[0]!.cluster.server = 'https://no.such.host.invalid'), { reason: 'Unreachable' }],
    ['a certificate of nobody', (c) => void delete c.clusters[0]!.cluster['certificate-authority'], { reason: 'CertificateNotTrusted' }],
    ['no credentials', (c) => void (c.users[0]!.user = { token: 'made-up' }), { reason: 'Unauthorized' }],
    ['a provider of old', (c) => void (c.users[0]!.user = { 'auth-provider': { name: 'gcp' } }), { reason: 'CredentialNotSupported' }],
  ])('says plainly why it cannot be used: %s', async (why, change, expected) => {
    const file = await kubeconfig(`${why.replaceAll(' ', '-')}.json`, change);
    const report = await review({ kubeconfig: file, context: 'virtdeck' });
    expect(report.usable).toBe(false);
    expect(report.causes).toMatchObject([{ field: 'spec.context', ...expected }]);
    expect(report.causes[0]?.fix).not.toBe('');
  });

  test('names the contexts that there are in place of one that is not', async () => {
    const report = await review({ kubeconfig: far.kubeconfigs.admin, context: 'other' });
    expect(report.causes).toMatchObject([{ fix: 'Use one of: virtdeck.' }]);
  });

  test('runs the program of a kubeconfig only when these very words were allowed', async () => {
    const [context] = (await asked<ContextList>(`${root}/kubeconfig?path=${encodeURIComponent(far.kubeconfigs.printed)}`)).contexts;
    const spec = { kubeconfig: far.kubeconfigs.printed, context: 'virtdeck' };
    expect((await review(spec)).causes).toMatchObject([{ reason: 'CommandNotAllowed', field: 'spec.allowedCommand' }]);
    const allowedCommand = [...(context?.command ?? [])];
    expect(await review({ ...spec, allowedCommand })).toMatchObject({ usable: true });

    const trap = join(home.folder, 'trap');
    await writeFile(trap, `#!/bin/sh\ntouch ${home.folder}/sprung\n`);
    await chmod(trap, 0o700);
    const changed = await kubeconfig('changed.json', (config) => {
      config.users[0]!.user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: trap } };
    });
    const refused = await review({ kubeconfig: changed, context: 'virtdeck', allowedCommand });
    expect(refused.causes).toMatchObject([{ reason: 'CommandNotAllowed', message: expect.stringContaining(trap) }]);
    await expect(readFile(join(home.folder, 'sprung'))).rejects.toThrow('ENOENT');
  });
});

describe('through a connection', () => {
  test('machines are made, listed, changed and started by the own API of the cluster', async () => {
    const made = await asked<KubeObject>(`${proxy}${machines}`, { method: 'POST', body: JSON.stringify(vm(named('there'))) });
    expect(made.metadata.name).toBe('there');
    expect(far.engine.get({ resource: resources.virtualMachines, namespace: 'default', name: 'there' }).metadata.uid).toBe(
      made.metadata.uid,
    );
    const start = `${proxy}/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachines/there/start`;
    expect((await ask(start, { method: 'PUT' })).status).toBe(202);
    const again = await ask(start, { method: 'PUT' });
    expect((await again.json()) as Status).toMatchObject({ kind: 'Status', code: 409, reason: 'Conflict' });
    expect(home.engine.list(resources.virtualMachines).items).toEqual([]);
  });

  test('watches come as whole lines, and end when the reader leaves', async () => {
    const leave = new AbortController();
    const response = await home.router.handle(
      new Request(`http://virtdeck${proxy}${machines}?watch=true`, { signal: leave.signal }),
      admin,
    );
    expect(response.headers.get('content-type')).toContain('stream=watch');
    const lines = jsonLines(response);
    await far.engine.create(resources.virtualMachines, 'default', vm(named('watched')));
    for (;;) {
      const { value } = await lines.next();
      if ((value as { object?: KubeObject } | undefined)?.object?.metadata.name === 'watched') break;
    }
    leave.abort();
  });

  test('who may only look here writes nothing there, and opens no console', async () => {
    const post = await ask(`${proxy}${machines}`, { method: 'POST', body: JSON.stringify(vm(named('not'))) }, viewer);
    expect(post.status).toBe(403);
    expect((await ask(`${proxy}/api/v1/namespaces/default/secrets`, {}, viewer)).status).toBe(403);
    expect((await ask(`${proxy}${machines}`, {}, viewer)).status).toBe(200);
    const console = `${proxy}/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/there/console`;
    await expect(home.router.open(console, viewer)).rejects.toMatchObject({ code: 'Forbidden' });
  });

  test('the rules of the cluster hold for its own user', async () => {
    const path = `${root}/connections/looking/proxy${machines}`;
    const post = await ask(path, { method: 'POST', body: JSON.stringify(vm(named('not'))) });
    expect((await post.json()) as Status).toMatchObject({ reason: 'Forbidden', message: expect.stringContaining('virtualmachines') });
  });

  test.each([
    ['/', 403],
    ['/metrics', 403],
    ['/api/v1/namespaces/default/services/web/proxy/', 403],
    ['/api/v1/namespaces/default/pods/web/exec', 403],
    ['/apis/..%2f..%2fmetrics', 400],
    ['/apis/%2e%2e/metrics', 403],
    ['/api//v1', 400],
  ])('%s is not sent on', async (path, status) => {
    expect((await ask(`${proxy}${path}`)).status).toBe(status);
  });

  test('no header of the caller names another user, and no answer of a cluster is a page', async () => {
    const sent = await ask(`${proxy}${machines}`, {
      headers: { authorization: 'Bearer other', 'impersonate-user': 'root', cookie: 'a=b' },
    });
    expect(sent.status).toBe(200);
    expect(sent.headers.get('content-security-policy')).toContain('sandbox');
    expect(sent.headers.get('set-cookie')).toBeNull();
  });

  test('consoles carry bytes both ways', async () => {
    const path = `${proxy}/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/there/console`;
    const channel = await home.router.open(path, admin);
    const seen = new Promise<string>((resolve) => {
      let text = '';
      channel.onData((chunk) => {
        text += Buffer.from(chunk).toString();
        if (text.includes('hello')) resolve(text);
      });
    });
    channel.write(Buffer.from('hello\r'));
    expect(await seen).toContain('hello');
    channel.close();
    await expect(home.router.open(path.replace('/there/', '/nobody/'), admin)).rejects.toMatchObject({ code: 'NotFound' });
  });
});

describe('the command line', () => {
  const run = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await virtdeck(home.where, args);
    expect(status, stderr).toBe(0);
    return stdout;
  };

  test('adds a connection, works on it, and forgets it', async () => {
    const refused = await virtdeck(home.where, ['connections', 'add', 'cli', '--kubeconfig', far.kubeconfigs.printed]);
    expect(refused.stderr).toContain('Add --allow-command to let it run.');
    expect(await run('connections', 'add', 'cli', '--kubeconfig', far.kubeconfigs.printed, '--allow-command')).toContain(
      `${far.origin} answers`,
    );
    expect(await run('connections')).toMatch(/^cli +virtdeck +default +https/m);
    expect(await run('--connection', 'cli', 'get', 'vm')).toMatch(/^there +/m);
    expect(await run('--connection', 'cli', 'stop', 'there', '--force')).toContain('there');
    expect(await run('connections', 'remove', 'cli')).toContain('deleted');
  });
});
