// Owns asking whether a path exists and can be seen.
// Must not be asked before doing something that says so itself: between look and deed the answer grows old.
import { access } from 'node:fs/promises';

export async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
