// Owns the proof that the last look at a screen is kept whole, in the run directory alone, and that nothing planted there is read.
// Must not need QEMU.
import { mkdirSync, readdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lastLook, lookAtScreen } from '../../../electron/host/consoles/screen-look.ts';
import { openQmp } from '../../../electron/host/qemu/qmp.ts';
import { pictureOf } from '../../fakes/read-png.ts';
import { startFakeQmp } from '../qemu/fake-qmp.ts';
import { tempDir } from '../temp-dir.ts';

const ppm = (width: number): Buffer => Buffer.concat([Buffer.from(`P6\n${width} 1\n255\n`), Buffer.alloc(width * 3)]);

/** A QEMU whose screen is one pixel wider each time it is looked at. */
async function screen() {
  const directory = tempDir();
  let width = 0;
  const fake = await startFakeQmp({
    path: path.join(directory, 'qmp.sock'),
    answer: ({ execute, arguments: given, id }) => {
      const { filename, format } = given as { filename: string; format?: string };
      if (execute !== 'screendump' || format !== undefined) return `{"error": {"class": "GenericError", "desc": "unknown"}, "id": ${id}}\n`;
      width += 1;
      writeFileSync(filename, ppm(width));
      return `{"return": {}, "id": ${id}}\n`;
    },
  });
  onTestFinished(() => fake.close());
  const qmp = await openQmp({ socketPath: fake.path, onEvent: () => undefined, timeoutMs: 5_000 });
  onTestFinished(() => qmp.close());
  const runDir = path.join(directory, 'run');
  mkdirSync(runDir, { mode: 0o700 });
  return { qmp, runDir };
}

const widthOf = async (runDir: string): Promise<number | undefined> => {
  const found = await lastLook(runDir);
  return found === undefined ? undefined : pictureOf(found.png).width;
};

test('the last one stands for those before, and one that came too late for none', async () => {
  const { qmp, runDir } = await screen();
  const widths = [await widthOf(runDir)];
  for (const isCurrent of [true, true, false]) {
    await lookAtScreen(qmp, runDir, () => isCurrent);
    widths.push(await widthOf(runDir));
  }
  expect([widths, readdirSync(runDir)]).toEqual([[undefined, 1, 2, 2], ['screen.ppm']]);
});

test('it has the time at which QEMU wrote it', async () => {
  const { qmp, runDir } = await screen();
  await lookAtScreen(qmp, runDir, () => true);
  utimesSync(path.join(runDir, 'screen.ppm'), 1_700_000_000, 1_700_000_000);
  expect((await lastLook(runDir))?.at).toBe(1_700_000_000_000);
});

function sparse(file: string, bytes: number): void {
  writeFileSync(file, '');
  truncateSync(file, bytes);
}

test.each<readonly [what: string, plant: (file: string, directory: string) => void]>([
  ['a link', (file, directory) => symlinkSync(path.join(directory, 'secret'), file)],
  ['a folder', (file) => mkdirSync(file)],
  ['a file that is too large', (file) => sparse(file, 65 * 1024 * 1024)],
  ['no picture', (file) => writeFileSync(file, 'P6\n')],
])('%s in its place is none', async (_what, plant) => {
  const directory = tempDir();
  writeFileSync(path.join(directory, 'secret'), ppm(3));
  plant(path.join(directory, 'screen.ppm'), directory);
  expect(await lastLook(directory)).toBeUndefined();
});
