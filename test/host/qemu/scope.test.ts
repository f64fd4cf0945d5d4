// Owns the proof that a scope is used where systemd really gives one, and nowhere else.
// Must not need systemd: a script is in the place of systemd-run.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { findScopePrefix } from '../../../electron/host/qemu/scope.ts';
import { tempDir } from '../temp-dir.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A user's session: a manager's socket, and a systemd-run that does what the script says. */
function session(script: string, options: { readonly manager: boolean } = { manager: true }): string {
  const directory = tempDir();
  mkdirSync(`${directory}/systemd`);
  if (options.manager) writeFileSync(`${directory}/systemd/private`, '');
  writeFileSync(`${directory}/systemd-run`, `#!/bin/sh\n${script}\n`);
  chmodSync(`${directory}/systemd-run`, 0o755);
  vi.stubEnv('XDG_RUNTIME_DIR', directory);
  vi.stubEnv('PATH', `${directory}:/usr/bin:/bin`);
  return directory;
}

test('it works: QEMU is started in a scope of its own name', async () => {
  const directory = session('while [ "$1" != -- ]; do shift; done; shift; exec "$@"');
  expect((await findScopePrefix(1000))?.('virtdeck-1.scope', 'virtdeck-1.slice')).toEqual([
    `${directory}/systemd-run`,
    '--user',
    '--scope',
    '--quiet',
    '--collect',
    '--slice=virtdeck-1.slice',
    '--unit=virtdeck-1.scope',
    '--',
  ]);
});

test.each([
  ['installed, but nobody answers', 'echo "Failed to connect to bus" >&2; exit 1', true],
  ['installed, but there is no manager of the user', 'exit 0', false],
])('%s: none', async (_name, script, manager) => {
  session(script, { manager });
  expect(await findScopePrefix(1000)).toBeUndefined();
});
