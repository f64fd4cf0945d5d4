// Owns what is not TypeScript: where the native parts lie.
// Must not run any of it; host does.
import { fileURLToPath } from 'node:url';

/** Multiboot payload of the accelerator self-test; see selftest/README.md. */
export const selftestPayload = fileURLToPath(new URL('selftest/selftest.bin', import.meta.url));
