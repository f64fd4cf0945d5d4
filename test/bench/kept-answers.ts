// Owns what cores have found out of this computer's QEMU and KVM, handed to the next core that has empty folders: seconds of each start.
// Must not judge it: each answer names what it depends on, and a core asks again when that has changed.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guestCache } from '../guests/guest-cache.ts';

const names = ['accelerator.json', 'qemu.json'];

/** Before its first start. */
export function giveAnswers(dataDir: string): void {
  for (const name of names) {
    const answer = read(join(keptIn(), name));
    if (answer === undefined) continue;
    mkdirSync(join(dataDir, 'cache'), { recursive: true, mode: 0o700 });
    writeFileSync(join(dataDir, 'cache', name), answer, { mode: 0o600 });
  }
}

/** Once it is ready. */
export function keepAnswers(dataDir: string): void {
  mkdirSync(keptIn(), { recursive: true, mode: 0o700 });
  for (const name of names) {
    const [answer, kept] = [read(join(dataDir, 'cache', name)), join(keptIn(), name)];
    if (answer === undefined || answer === read(kept)) continue;
    // Other tests read it at the same time.
    writeFileSync(`${kept}.${process.pid}`, answer, { mode: 0o600 });
    renameSync(`${kept}.${process.pid}`, kept);
  }
}

function keptIn(): string {
  return join(guestCache(), 'answers');
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
