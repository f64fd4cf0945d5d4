import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../electron/api/errors.ts';
import { createPool } from '../../../electron/host/disks/pool.ts';
import { tempDir } from '../temp-dir.ts';

test.for([
  { namespace: 'default', name: 'web', format: 'qcow2', file: 'default/web.qcow2' },
  { namespace: 'team-a', name: 'web.data-1', format: 'raw', file: 'team-a/web.data-1.raw' },
  { namespace: 'default', name: 'a'.repeat(180), format: 'raw', file: `default/${'a'.repeat(180)}.raw` },
  {
    namespace: 'default',
    name: 'a'.repeat(253),
    format: 'qcow2',
    file: `default/${'a'.repeat(163)}~32859a3ab65ac529.qcow2`,
  },
] as const)('$namespace/$name is one file of the pool', async ({ namespace, name, format, file }) => {
  const pool = await createPool(tempDir());
  const found = path.relative(pool.folder, pool.claimPath(namespace, name, format));
  expect(() => pool.assertClaimPath(path.join(pool.folder, found))).not.toThrow();
  expect(found).toEqual(file);
});

test.for(['', '.', '..', '../x', 'a/b', '/etc', '.draft-x', 'a..b', 'A', 'a_b', 'a b', '-a', 'a-', 'é', 'a\0b', 'a\nb', 'a'.repeat(254)])(
  'the name %j is none',
  async (name) => {
    const pool = await createPool(tempDir());
    expect(() => pool.claimPath('default', name, 'raw')).toThrow(AppError);
    expect(() => pool.claimPath(name, 'web', 'raw')).toThrow(AppError);
  },
);

test.for(['/etc/passwd', '../../x', 'default', 'default/a/b', 'default/../../x.raw', 'default/.draft-web.raw', '.', ''])(
  'the pool does not remove %j',
  async (relative) => {
    const pool = await createPool(tempDir());
    await expect(pool.remove(relative.startsWith('/') ? relative : `${pool.folder}/${relative}`)).rejects.toThrow(AppError);
  },
);

test('leftovers go at the start, disks stay', async () => {
  const pool = await createPool(tempDir());
  const inside = path.join(pool.folder, 'default');
  await mkdir(path.join(inside, '.draft-0123-tree'), { recursive: true });
  for (const name of ['web.qcow2', '.made-web.qcow2', '.draft-0123-db.raw', '.made-db.raw', '.draft-0123-tree/file'])
    await writeFile(path.join(inside, name), '');
  const removed = await pool.removeLeftovers();
  expect({ removed: removed.map((file) => path.basename(file)).toSorted(), left: (await readdir(inside)).toSorted() }).toEqual({
    removed: ['.draft-0123-db.raw', '.draft-0123-tree', '.made-db.raw'],
    left: ['.made-web.qcow2', 'web.qcow2'],
  });
});

test('removing the last disk of a namespace removes its folder, and removing twice is no error', async () => {
  const pool = await createPool(tempDir());
  const files = ['web', 'db'].map((name) => pool.claimPath('default', name, 'raw'));
  await mkdir(path.dirname(files[0] ?? ''));
  for (const file of files) await writeFile(file, 'x');
  await writeFile(path.join(pool.folder, 'default', '.made-web.raw'), '{}');
  const seen: string[][] = [];
  for (const file of [...files, ...files]) {
    await pool.remove(file);
    seen.push(await readdir(pool.folder, { recursive: true }));
  }
  expect(seen).toEqual([['default', 'default/db.raw'], [], [], []]);
});
