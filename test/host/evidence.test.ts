// Owns the proof that evidence is kept, bounded, and read back only by its own name.
// Must not start a machine.
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EvidenceReport } from '../../electron/api/evidence.ts';
import { keepEvidence, readEvidence, readEvidencePicture } from '../../electron/host/evidence.ts';
import { tempDir } from './temp-dir.ts';

function report(second: number): EvidenceReport {
  const time = `2026-01-02T03:04:${String(second).padStart(2, '0')}Z`;
  return {
    id: `20260102T0304${String(second).padStart(2, '0')}000Z-watchdog`,
    time,
    reason: 'Watchdog',
    action: 'reset',
    message: 'bitten',
    runUid: 'u',
  };
}

function stateDir(): string {
  const directory = join(tempDir(), 'state');
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}

const numbered = (first: number, last: number): string =>
  Array.from({ length: last - first + 1 }, (_, index) => `line ${first + index}\n`).join('');

test('the last 200 lines, from the rotated log too, with what QEMU said and the picture; readable by the user alone', async () => {
  const directory = stateDir();
  writeFileSync(join(directory, 'serial.log.1'), numbered(1, 300));
  writeFileSync(join(directory, 'serial.log'), numbered(301, 350));
  writeFileSync(join(directory, 'qemu.log'), 'qemu: watchdog: timer fired\n');
  await keepEvidence(directory, report(1), { png: new Uint8Array([1, 2, 3]), at: Date.parse('2026-01-02T03:03:53.500Z') });
  const [one] = await readEvidence(directory);
  expect([one?.serialTail, one?.stderr, one?.hasScreenshot, one?.screenshotTime, one?.message]).toEqual([
    numbered(151, 350),
    'qemu: watchdog: timer fired\n',
    true,
    '2026-01-02T03:03:53Z',
    'bitten',
  ]);
  expect(await readEvidencePicture(directory, report(1).id)).toEqual(Buffer.from([1, 2, 3]));
  expect(statSync(join(directory, 'evidence', report(1).id, 'evidence.json')).mode & 0o777).toBe(0o600);
});

test('a machine without a console has evidence, too; the newest ten stay', async () => {
  const directory = stateDir();
  for (let second = 1; second <= 13; second += 1) await keepEvidence(directory, report(second), undefined);
  const found = await readEvidence(directory);
  expect([found.length, found[0]?.id, found.at(-1)?.id, found[0]?.serialTail]).toEqual([10, report(4).id, report(13).id, '']);
});

test('one endless line is cut, not read whole', async () => {
  const directory = stateDir();
  writeFileSync(join(directory, 'serial.log'), 'x'.repeat(1_000_000));
  await keepEvidence(directory, report(1), undefined);
  expect((await readEvidence(directory))[0]?.serialTail.length).toBe(65_536);
});

test('a machine that was deleted meanwhile is not brought back; a name that climbs finds nothing', async () => {
  const gone = join(tempDir(), 'gone');
  await keepEvidence(gone, report(1), undefined);
  expect([existsSync(gone), await readEvidence(gone)]).toEqual([false, []]);
  const directory = stateDir();
  writeFileSync(join(directory, 'screen.png'), 'secret');
  expect(await readEvidencePicture(directory, '..')).toBeUndefined();
});
