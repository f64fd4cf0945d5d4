// Owns the proof of firmware.json's rules: order, overriding by name, masking.
// Must not depend on what is installed here.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { firmwareDescriptors } from '../../../electron/host/firmware/descriptors.ts';
import { silentLog } from '../silent-log.ts';
import { tempDir } from '../temp-dir.ts';

const flash = (code: string, features: readonly string[] = []) => ({
  description: code,
  'interface-types': ['uefi'],
  mapping: {
    device: 'flash',
    executable: { filename: `/fw/${code}.fd`, format: 'raw' },
    'nvram-template': { filename: `/fw/${code}.vars.fd`, format: 'raw' },
  },
  targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
  features,
  tags: [],
});

async function read(files: Readonly<Record<string, unknown>>) {
  const root = tempDir();
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(`${root}/${file}`), { recursive: true });
    writeFileSync(`${root}/${file}`, typeof content === 'string' ? content : JSON.stringify(content));
  }
  const found = await firmwareDescriptors({ root, configHome: `${root}/config` }, silentLog);
  return found.map(({ file, executable }) => `${file.slice(root.length + 1)} ${executable.path}`);
}

const user = 'config/qemu/firmware';
const etc = 'etc/qemu/firmware';
const share = 'usr/share/qemu/firmware';

test.each([
  ['nothing is installed', {}, []],
  [
    'by file name, whichever directory',
    { [`${share}/60-b.json`]: flash('b'), [`${share}/40-a.json`]: flash('a'), [`${user}/50-mine.json`]: flash('mine') },
    [`${share}/40-a.json /fw/a.fd`, `${user}/50-mine.json /fw/mine.fd`, `${share}/60-b.json /fw/b.fd`],
  ],
  [
    'the same name is overridden: the user before /etc before /usr/share',
    { [`${share}/40-a.json`]: flash('a'), [`${etc}/40-a.json`]: flash('etc'), [`${user}/40-a.json`]: flash('mine') },
    [`${user}/40-a.json /fw/mine.fd`],
  ],
  ['an empty file hides', { [`${share}/40-a.json`]: flash('a'), [`${etc}/40-a.json`]: '' }, []],
  [
    'one bad file does not hide the others',
    { [`${share}/10-bad.json`]: '{', [`${share}/20-odd.json`]: { mapping: { device: 'flash' } }, [`${share}/40-a.json`]: flash('a') },
    [`${share}/40-a.json /fw/a.fd`],
  ],
  [
    'only flash with variables of its own',
    {
      [`${share}/10-kernel.json`]: { ...flash('k'), mapping: { device: 'kernel', filename: '/fw/k' } },
      [`${share}/20-memory.json`]: { ...flash('m'), mapping: { device: 'memory', filename: '/fw/m' } },
      [`${share}/30-combined.json`]: { ...flash('c'), mapping: { ...flash('c').mapping, mode: 'combined' } },
      [`${share}/40-stateless.json`]: {
        ...flash('s'),
        mapping: { device: 'flash', mode: 'stateless', executable: { filename: '/fw/s.fd', format: 'raw' } },
      },
      [`${share}/50-split.json`]: { ...flash('p'), mapping: { ...flash('p').mapping, mode: 'split' } },
      [`${share}/README`]: 'no descriptor',
    },
    [`${share}/50-split.json /fw/p.fd`],
  ],
])('%s', async (_name, files, expected) => {
  expect(await read(files)).toEqual(expected);
});

test('what a descriptor says', async () => {
  const root = tempDir();
  mkdirSync(`${root}/${share}`, { recursive: true });
  writeFileSync(`${root}/${share}/40-a.json`, JSON.stringify(flash('a', ['secure-boot', 'requires-smm'])));
  expect(await firmwareDescriptors({ root }, silentLog)).toEqual([
    {
      file: `${root}/${share}/40-a.json`,
      interfaceTypes: ['uefi'],
      executable: { path: '/fw/a.fd', format: 'raw' },
      nvramTemplate: { path: '/fw/a.vars.fd', format: 'raw' },
      targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
      features: ['secure-boot', 'requires-smm'],
    },
  ]);
});
