import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { listDirectory } from '../../../electron/host/disks/directory.ts';
import { tempDir } from '../temp-dir.ts';

test('folders first, then what may be an image', async () => {
  const folder = tempDir();
  for (const name of ['Videos', 'isos', '.hidden']) await mkdir(path.join(folder, name));
  for (const name of ['b.qcow2', 'a.ISO', 'c.img.xz', 'notes.txt', '.secret.qcow2', 'd.vmdk', 'e.ova', 'f.raw'])
    await writeFile(path.join(folder, name), 'abc');
  await symlink('/nowhere', path.join(folder, 'dangling.iso'));
  await symlink(path.join(folder, 'isos'), path.join(folder, 'link'));
  const file = (name: string): object => ({ name, type: 'file', sizeBytes: 3 });
  const directory = (name: string): object => ({ name, type: 'directory', sizeBytes: 0 });
  expect(await listDirectory(`${folder}/isos/..`)).toEqual({
    path: folder,
    parent: path.dirname(folder),
    entries: [...['isos', 'link', 'Videos'].map(directory), ...['a.ISO', 'b.qcow2', 'c.img.xz', 'd.vmdk', 'e.ova', 'f.raw'].map(file)],
  });
});

test('the root has no parent', async () => {
  expect(Object.keys(await listDirectory('/')).toSorted()).toEqual(['entries', 'path']);
});

test.for([
  { name: 'a relative path', of: () => 'home', code: 'BadRequest', message: '"home" is not an absolute path.' },
  { name: 'a missing folder', of: (here: string) => `${here}/none`, code: 'NotFound', message: 'There is no folder HERE/none.' },
  { name: 'a file', of: (here: string) => `${here}/file`, code: 'BadRequest', message: 'HERE/file is not a folder.' },
])('$name is refused', async ({ of, code, message }) => {
  const here = tempDir();
  await writeFile(path.join(here, 'file'), '');
  await expect(listDirectory(of(here))).rejects.toMatchObject({ code, message: message.replace('HERE', here) });
});
