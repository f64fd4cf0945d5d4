// Owns the proof that the privileged program can be ended before every change while it moves a group of devices, and again while the next request mends that:
// in the end it is as before or as wanted, without anybody undoing it by hand.
// Must not change this computer: the kernel is kill-points/fake-devices.c; test/lab has a real one.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findProgram, runCommand } from '../../../electron/host/exec.ts';
import { tempDir } from '../temp-dir.ts';

const folder = fileURLToPath(new URL('../../../native/helper/', import.meta.url));
const fake = fileURLToPath(new URL('../kill-points/fake-devices.c', import.meta.url));
const compiler = await findProgram(process.env['CC'] ?? 'gcc');
const [nic, audio] = ['0000:01:00.0', '0000:01:00.1'];
const old = 'old';
const fresh = `new bound-${nic} bound-${audio}`;

/** Words: `old`, `new` or `half`, and the files that are left. `next`: after any other request; `again`: ended in that one, too, and then another; `takenBack`: by hand instead. */
interface Story {
  readonly name: string;
  readonly points: number;
  readonly left: readonly string[];
  readonly next: readonly string[];
  readonly again: readonly string[];
  readonly takenBack: readonly string[];
  readonly answers: readonly string[];
}

async function stories(): Promise<readonly Story[]> {
  const made = path.join(tempDir(), 'fake-devices');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.c') && !['sys-linux.c', 'fuzz.c'].includes(name));
  const flags = ['-std=gnu11', '-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', `-I${folder}`, `-Wa,-I${folder}`];
  const args = [...flags, '-o', made, fake, ...sources.map((name) => path.join(folder, name))];
  const build = await runCommand({ program: compiler ?? '', args, timeoutMs: 120_000 });
  expect(build.code, build.stderr).toBe(0);
  const run = await runCommand({ program: made, args: [], timeoutMs: 120_000 });
  expect(run.stderr).toBe('');
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Story);
}

test.skipIf(compiler === undefined)(
  'ended with everything that it started, a group is finished by the next request',
  { timeout: 300_000 },
  async () => {
    const told = new Map((await stories()).map((story) => [story.name, story]));
    const ended: readonly (readonly [string, readonly string[]])[] = [
      ['bind', [old, fresh]],
      ['bind, of which VFIO refuses one', [old]],
      ['trial', [old]],
      ['end of a trial', [old]],
      // Before it was begun, what was asked for is not known to anybody.
      ['unbind', [fresh, old]],
    ];
    for (const [name, states] of ended) {
      const { points, left, next, again, takenBack } = told.get(name) ?? expect.fail(name);
      expect(points).toBeGreaterThan(10);
      expect(
        left.some((state) => state.startsWith('half')),
        name,
      ).toBe(true);
      expect({ name, next, again, takenBack }).toEqual({ name, next: states, again: states, takenBack: [old] });
    }
    // What was begun is not told that there is nothing to give back.
    for (const name of ['end of a trial', 'unbind']) expect(told.get(name)?.answers).toEqual(['ok']);
    // Who started the process that was ended mends it at once; and a trial's end comes by itself while its keeper lives.
    for (const name of ['bind, apart', 'end of a trial, apart', 'unbind, apart', 'trial, of which the keeper lives']) {
      const { points, left, next } = told.get(name) ?? expect.fail(name);
      expect(points).toBeGreaterThan(5);
      expect({ name, left: left.filter((state) => state.startsWith('half')), next }).toEqual({ name, left: [], next: [old] });
    }
  },
);
