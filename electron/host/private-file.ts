// Owns writing a file so that a reader sees the old or the new content, never half of it.
// Must not be used for disk images: they are too large to be written twice.
import { rename, rm, writeFile } from 'node:fs/promises';

/** Mode 0600. The directory must be there. */
export async function writePrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  const fresh = `${file}.${process.pid}.new`;
  try {
    await writeFile(fresh, content, { mode: 0o600 });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
