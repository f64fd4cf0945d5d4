// Owns the proof that the privileged program is installed as it says, and removed.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { installedHelper } from '../../native/index.ts';
import { tempDir } from '../host/temp-dir.ts';

const script = new URL('../../resources/setup/privileged-program.mjs', import.meta.url).pathname;

test.skipIf(process.arch !== 'x64')('it says what it writes, writes that, and removes it', () => {
  const folder = tempDir();
  const run = (verb: string): string =>
    execFileSync(process.execPath, [script, verb], { env: { ...process.env, VIRTDECK_DESTDIR: folder }, encoding: 'utf8' });
  const program = path.join(folder, installedHelper);
  const policy = path.join(folder, '/usr/share/polkit-1/actions/io.virtdeck.helper.policy');
  expect(run('status')).toBe(`${program}: not installed\n${policy}: not installed\n`);
  const said = run('install');
  for (const file of [program, policy]) expect(said).toContain(`Writes ${file} `);
  expect(statSync(program).mode & 0o7777).toBe(0o755);
  // pkexec finds the policy by the program's path.
  expect(readFileSync(policy, 'utf8')).toContain(`<annotate key="org.freedesktop.policykit.exec.path">${installedHelper}</annotate>`);
  expect(run('status')).toBe(`${program}: installed\n${policy}: installed\n`);
  run('remove');
  expect(existsSync(program) || existsSync(policy)).toBe(false);
});
