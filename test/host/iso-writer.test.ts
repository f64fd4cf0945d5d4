// Owns the proof that the seeds we write are ISO 9660 images with Joliet, as an independent reader sees them.
// Must not boot anything.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findProgram, runCommand } from '../../electron/host/exec.ts';
import { isoImage } from '../../electron/host/iso-writer.ts';
import { tempDir } from './temp-dir.ts';

const entries = {
  'meta-data': 'instance-id: 1\nlocal-hostname: web\n',
  'user-data': `#cloud-config\n# ${'größer '.repeat(1_000)}\n`,
  'network-config': '',
  'openstack/latest/meta_data.json': '{"uuid":"1"}',
  'openstack/latest/user_data': '#!/bin/sh\n',
  'openstack/content/0000': 'x'.repeat(2_048),
};

test('equal content is an equal image, in whole sectors, with the label in both descriptors', () => {
  const image = isoImage('cidata', entries);
  expect(image.equals(isoImage('cidata', entries))).toBe(true);
  expect({
    whole: image.length % 2048,
    sectors: image.readUInt32LE(16 * 2048 + 80) * 2048 === image.length,
    primary: image.toString('latin1', 16 * 2048, 16 * 2048 + 7),
    label: image.toString('latin1', 16 * 2048 + 40, 16 * 2048 + 72).trimEnd(),
    joliet: Buffer.from(image.subarray(17 * 2048 + 40, 17 * 2048 + 72))
      .swap16()
      .toString('utf16le')
      .trimEnd(),
    end: image.toString('latin1', 18 * 2048, 18 * 2048 + 7),
  }).toEqual({ whole: 0, sectors: true, primary: '\x01CD001\x01', label: 'cidata', joliet: 'cidata', end: '\xffCD001\x01' });
});

test('bytes that are no text are kept', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  expect(isoImage('cidata', { 'user-data': bytes }).includes(bytes)).toBe(true);
});

const xorriso = await findProgram('xorriso');

describe.skipIf(xorriso === undefined)('as xorriso reads it', () => {
  async function extract(image: Buffer): Promise<Record<string, string>> {
    const directory = tempDir();
    writeFileSync(`${directory}/seed.iso`, image);
    mkdirSync(`${directory}/out`);
    const result = await runCommand({
      program: 'xorriso',
      args: ['-osirrox', 'on', '-read_fs', 'norock', '-indev', `${directory}/seed.iso`, '-extract', '/', `${directory}/out`],
      timeoutMs: 20_000,
    });
    expect(result.code, result.stderr).toBe(0);
    const found = await runCommand({ program: 'find', args: [`${directory}/out`, '-type', 'f', '-printf', '%P\\n'], timeoutMs: 5_000 });
    const names = found.stdout.split('\n').filter((name) => name !== '');
    return Object.fromEntries(names.map((name) => [name, readFileSync(`${directory}/out/${name}`, 'utf8')]));
  }

  test('every file, with its name and its bytes', async () => {
    expect(await extract(isoImage('cidata', entries))).toEqual(entries);
  });

  test('a directory larger than a sector', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`content/a-rather-long-file-name-${index}.txt`, `${index}`]),
    );
    expect(await extract(isoImage('config-2', many))).toEqual(many);
  });

  test('the label as blkid sees it', async () => {
    const file = `${tempDir()}/seed.iso`;
    writeFileSync(file, isoImage('config-2', entries));
    const result = await runCommand({ program: 'blkid', args: ['-p', '-o', 'export', file], timeoutMs: 5_000 });
    expect(result.stdout).toMatch(/^LABEL=config-2$/m);
  });
});
