// Owns what is not TypeScript: where the native parts lie.
// Must not run any of it; host does.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Multiboot payload of the accelerator self-test; see selftest/README.md. */
export const selftestPayload = fileURLToPath(new URL('selftest/selftest.bin', import.meta.url));

/** The privileged program as it comes with us, for root and for what needs no root; undefined where none was built for this processor. */
export const bundledHelper = ((): string | undefined => {
  const file = fileURLToPath(new URL(`helper/prebuilt/virtdeck-helper-linux-${process.arch}`, import.meta.url));
  return existsSync(file) ? file : undefined;
})();

/** Where an administrator puts it: root's, so that pkexec may run it for a user. */
export const installedHelper = '/usr/local/libexec/virtdeck-helper';
