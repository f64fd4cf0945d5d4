// Owns the proof that the media we make are what an independent reader expects, private, and whole or not there.
// Must not boot anything.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCommand } from '../../electron/host/exec.ts';
import { type IsoContent, writeIso } from '../../electron/host/iso-image.ts';
import { tempDir } from './temp-dir.ts';

const files = {
  'meta-data': 'instance-id: 1\nlocal-hostname: web\n',
  'user-data': `#cloud-config\n# ${'größer '.repeat(1_000)}\n`,
  'network-config': '',
  'openstack/latest/meta_data.json': '{"uuid":"1"}',
  'openstack/latest/user_data': '#!/bin/sh\n',
  'openstack/content/0000': 'x'.repeat(2_048),
};

async function written(content: IsoContent): Promise<string> {
  const path = `${tempDir()}/seed.iso`;
  await writeIso(path, content);
  return path;
}

type Names = 'joliet' | 'rock';

async function extract(path: string, names: Names): Promise<Record<string, string>> {
  const directory = `${tempDir()}/out`;
  mkdirSync(directory);
  const result = await runCommand({
    program: 'xorriso',
    args: ['-osirrox', 'on', '-read_fs', names === 'rock' ? 'any' : 'norock', '-indev', path, '-extract', '/', directory],
    timeoutMs: 20_000,
  });
  expect(result.code, result.stderr).toBe(0);
  // The folders on a medium are read-only, which nobody but root could clean up.
  await runCommand({ program: 'chmod', args: ['-R', 'u+w', directory], timeoutMs: 5_000 });
  const found = await runCommand({ program: 'find', args: [directory, '-type', 'f', '-printf', '%P\\n'], timeoutMs: 5_000 });
  const paths = found.stdout.split('\n').filter((name) => name !== '');
  return Object.fromEntries(paths.map((name) => [name, readFileSync(`${directory}/${name}`, 'utf8')]));
}

test('whole sectors, with the label in both descriptors', async () => {
  const image = readFileSync(await written({ label: 'cidata', files }));
  const joliet = Buffer.from(image.subarray(17 * 2048 + 40, 17 * 2048 + 72));
  expect({
    whole: image.length % 2048,
    primary: image.toString('latin1', 16 * 2048, 16 * 2048 + 7),
    label: image.toString('latin1', 16 * 2048 + 40, 16 * 2048 + 72).trimEnd(),
    joliet: joliet.swap16().toString('utf16le').trimEnd(),
  }).toEqual({ whole: 0, primary: '\x01CD001\x01', label: 'cidata', joliet: 'cidata' });
});

test('bytes that are no text are kept', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  expect(readFileSync(await written({ label: 'cidata', files: { 'user-data': bytes } })).includes(bytes)).toBe(true);
});

test.each(['joliet', 'rock'] as const)('every file, with its name and its bytes, by %s', async (names) => {
  expect(await extract(await written({ label: 'cidata', files }), names)).toEqual(files);
});

test('a directory larger than a sector, and a name of 200 characters', async () => {
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`content/a-rather-long-file-name-${index}.txt`, `${index}`]));
  const all = { ...many, ['n'.repeat(200)]: 'long' };
  expect(await extract(await written({ label: 'config-2', files: all }), 'rock')).toEqual(all);
});

test('names that mean something to a shell or to xorriso are names', async () => {
  const odd = { '-end': 'a', '$(touch x)': 'b', 'a=b': 'c', '*': 'd' };
  expect(await extract(await written({ label: 'cidata', files: odd }), 'rock')).toEqual(odd);
});

test('no file leaves the medium by its name', async () => {
  const directory = tempDir();
  const path = `${directory}/seed.iso`;
  await writeIso(path, { label: 'cidata', files: { '../../evil': 'x' } }).catch(() => undefined);
  expect(readdirSync(directory).filter((name) => name !== 'seed.iso')).toEqual([]);
});

test('the label as blkid sees it', async () => {
  const path = await written({ label: 'config-2', files });
  const result = await runCommand({ program: 'blkid', args: ['-p', '-o', 'export', path], timeoutMs: 5_000 });
  expect(result.stdout).toMatch(/^LABEL=config-2$/m);
});

test('private, and it replaces what was there', async () => {
  const path = await written({ label: 'cidata', files });
  await writeIso(path, { label: 'cidata', files: { 'user-data': 'second' } });
  expect({ mode: statSync(path).mode & 0o777, files: await extract(path, 'joliet') }).toEqual({
    mode: 0o600,
    files: { 'user-data': 'second' },
  });
});

test('what cannot be made leaves nothing behind, and the old medium as it was', async () => {
  const directory = tempDir();
  const path = `${directory}/seed.iso`;
  await writeIso(path, { label: 'cidata', files: { 'user-data': 'first' } });
  await expect(writeIso(path, { label: 'x'.repeat(40), files })).rejects.toMatchObject({ code: 'ToolFailed' });
  expect({ left: readdirSync(directory), files: await extract(path, 'joliet') }).toEqual({
    left: ['seed.iso'],
    files: { 'user-data': 'first' },
  });
});
