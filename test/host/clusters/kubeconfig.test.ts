// Kubeconfigs: several files are read as one, as kubectl reads them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readContext, readContexts } from '../../../electron/host/clusters/kubeconfig.ts';
import { tempDir } from '../temp-dir.ts';

afterEach(() => void vi.unstubAllEnvs());

interface Content {
  readonly current?: string;
  /** name → address. */
  readonly clusters?: Readonly<Record<string, string>>;
  /** name → token. */
  readonly users?: Readonly<Record<string, string>>;
  /** name → [cluster, user]. */
  readonly contexts?: Readonly<Record<string, readonly [string, string]>>;
}

function write(file: string, { current, clusters = {}, users = {}, contexts = {} }: Content): string {
  const value = {
    apiVersion: 'v1',
    kind: 'Config',
    ...(current === undefined ? {} : { 'current-context': current }),
    clusters: Object.entries(clusters).map(([name, server]) => ({ name, cluster: { server, 'certificate-authority': 'ca.crt' } })),
    users: Object.entries(users).map(([name, token]) => ({ name, user: { token } })),
    contexts: Object.entries(contexts).map(([name, [cluster, user]]) => ({ name, context: { cluster, user } })),
  };
  writeFileSync(file, JSON.stringify(value));
  return file;
}

describe('the files of KUBECONFIG', () => {
  test('of two entries with one name the first counts, and a context may name a cluster of another file', async () => {
    const folder = tempDir();
    mkdirSync(join(folder, 'work'));
    const first = write(join(folder, 'a'), {
      clusters: { lab: 'https://lab:6443' },
      users: { me: 'first' },
      contexts: { lab: ['lab', 'me'], office: ['office', 'me'] },
    });
    const second = write(join(folder, 'work/b'), {
      current: 'office',
      clusters: { lab: 'https://other:6443', office: 'https://office:6443' },
      users: { me: 'second' },
      contexts: { lab: ['office', 'me'], spare: ['office', 'nobody'] },
    });
    vi.stubEnv('KUBECONFIG', [first, '', join(folder, 'missing'), second, first].join(':'));
    const { path, contexts } = await readContexts();
    expect(path).toBe([first, join(folder, 'missing'), second].join(':'));
    expect(contexts.map(({ name, server, isCurrent, credential }) => ({ name, server, isCurrent, credential }))).toEqual([
      { name: 'lab', server: 'https://lab:6443', isCurrent: false, credential: 'token' },
      { name: 'office', server: 'https://office:6443', isCurrent: true, credential: 'token' },
      { name: 'spare', server: 'https://office:6443', isCurrent: false, credential: 'none' },
    ]);
    const office = await readContext(undefined, 'office');
    expect(office.user.token).toBe('first');
    // A relative path means the folder of the file that it stands in.
    expect(office.cluster.caFile).toBe(join(folder, 'work/ca.crt'));
  });

  test('the current context is that of the first file that has one', async () => {
    const folder = tempDir();
    const content = { clusters: { c: 'https://c' }, contexts: { one: ['c', 'u'], two: ['c', 'u'] } } as const;
    const files = [
      write(join(folder, 'a'), content),
      write(join(folder, 'b'), { current: 'two' }),
      write(join(folder, 'c'), { current: 'one' }),
    ];
    vi.stubEnv('KUBECONFIG', files.join(':'));
    expect((await readContexts()).contexts.filter(({ isCurrent }) => isCurrent)).toMatchObject([{ name: 'two' }]);
  });

  test('a file that is named to a connection is read alone', async () => {
    const folder = tempDir();
    vi.stubEnv('KUBECONFIG', write(join(folder, 'a'), { clusters: { c: 'https://c' }, contexts: { one: ['c', 'u'] } }));
    const own = write(join(folder, 'own'), { clusters: { d: 'https://d' }, contexts: { two: ['d', 'u'] } });
    expect((await readContexts(own)).contexts.map(({ name }) => name)).toEqual(['two']);
  });

  test('none is there: says where one was looked for', async () => {
    const folder = tempDir();
    vi.stubEnv('KUBECONFIG', join(folder, 'a'));
    await expect(readContexts()).rejects.toMatchObject({ code: 'NotFound', message: expect.stringContaining(join(folder, 'a')) });
  });

  test('one that is no kubeconfig is said, not passed over', async () => {
    const folder = tempDir();
    const good = write(join(folder, 'a'), { clusters: { c: 'https://c' }, contexts: { one: ['c', 'u'] } });
    writeFileSync(join(folder, 'b'), '[1, 2');
    vi.stubEnv('KUBECONFIG', `${good}:${join(folder, 'b')}`);
    await expect(readContexts()).rejects.toMatchObject({ code: 'BadRequest', message: expect.stringContaining(join(folder, 'b')) });
    // Not a file at all.
    mkdirSync(join(folder, 'c'));
    vi.stubEnv('KUBECONFIG', `${good}:${join(folder, 'c')}`);
    await expect(readContexts()).rejects.toMatchObject({ code: 'BadRequest' });
  });
});
