// Owns reading back what is kept in a run directory of its network.
// Must not know what that is.
import type { Log } from '../../engine/ports.ts';
import { reasonOf } from '../errno.ts';
import { readIfThere } from '../proc.ts';

/** Undefined when nothing was kept. A torn file would be as torn at every try to remove its run directory: said, and taken for nothing. */
export async function readKept(file: string, log: Log): Promise<unknown> {
  try {
    const text = await readIfThere(file);
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    log.warn('What a machine has of the network of this computer could not be read', { file, reason: reasonOf(error) });
    return undefined;
  }
}
