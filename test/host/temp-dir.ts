// Owns temporary directories of tests, removed when the test ends.
// Must not be long: unix socket paths end at 107 bytes.
import { mkdtempSync, rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';

export function tempDir(): string {
  const directory = mkdtempSync('/tmp/vd-');
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
