// Owns the proof that a group is told to be left half-way when its file has no living owner, and only then.
// Must not look at this computer's own.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHostDevices } from '../../../electron/host/devices/host-devices.ts';
import { lockedFile } from '../../../electron/host/kernel-locks.ts';
import { tempDir } from '../temp-dir.ts';

const ahead = Math.floor(Date.now() / 1000) + 3600;
const trial = (address: string, until: number): string => JSON.stringify({ address, until });

test.each<{
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly isLocked?: true;
  readonly left: readonly string[];
}>([
  { name: 'a move that nobody is at', file: 'moving-0000:01:00.0', text: '0000:01:00.0', left: ['0000:01:00.0'] },
  { name: 'one that somebody is at', file: 'moving-0000:01:00.0', text: '0000:01:00.0', isLocked: true, left: [] },
  { name: 'one that was not begun', file: 'moving-0000:01:00.0', text: '', left: [] },
  { name: 'the end of a trial', file: 'ending-0000:01:00.0', text: trial('0000:01:00.0', ahead), left: ['0000:01:00.0'] },
  { name: 'a trial that is over', file: 'trial-0000:01:00.0', text: trial('0000:01:00.0', 1), left: ['0000:01:00.0'] },
  {
    name: 'a trial that is over, and is being ended',
    file: 'trial-0000:01:00.0',
    text: trial('0000:01:00.0', 1),
    isLocked: true,
    left: [],
  },
  { name: 'a trial that has its time', file: 'trial-0000:01:00.0', text: trial('0000:01:00.0', ahead), left: [] },
  { name: 'what was kept', file: 'bound-0000:01:00.0', text: 'e1000e', left: [] },
])('$name', async ({ file, text, isLocked, left }) => {
  const root = tempDir();
  const folder = join(root, 'run/virtdeck-helper');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'proc'));
  writeFileSync(join(folder, file), text);
  const identity = lockedFile(statSync(join(folder, file), { bigint: true }));
  const locks = [
    '1: FLOCK  ADVISORY  WRITE 4711 00:1a:99999999 0 EOF',
    `2: ${isLocked === true ? 'FLOCK ' : 'POSIX '} ADVISORY  WRITE 4712 ${identity} 0 EOF`,
    `3: -> FLOCK  ADVISORY  WRITE 4713 ${identity} 0 EOF`,
  ];
  writeFileSync(join(root, 'proc/locks'), `${locks.join('\n')}\n`);
  expect((await createHostDevices(root).bindings()).interrupted).toEqual(left);
});
