// Owns reading what a guest's balloon answers over QMP, and its agent of its pressure.
// Must not ask it.
import type { Json, JsonObject } from '../../api/object.ts';
import { textOfBase64 } from '../qemu/secret-text.ts';

const mebibyte = 1024 * 1024;
/** What the balloon says for a number that the guest's driver does not know: all bits set, or -1. */
const implausibleBytes = 2 ** 60;

export interface BalloonStats {
  /** What the guest could do without: free, and caches that it can drop. */
  readonly availableMiB?: number;
  /** Read back from its swap since it booted. */
  readonly swappedInMiB?: number;
}

/** Of `query-balloon`. */
export function actualMiBIn(answer: Json): number | undefined {
  const bytes = isObject(answer) ? answer['actual'] : undefined;
  return typeof bytes === 'number' ? Math.round(bytes / mebibyte) : undefined;
}

/** Of the property `guest-stats`. */
export function balloonStatsIn(answer: Json): BalloonStats {
  const stats = isObject(answer) && isObject(answer['stats']) ? answer['stats'] : {};
  const mib = (key: string): number | undefined => {
    const bytes = stats[key];
    return typeof bytes === 'number' && bytes >= 0 && bytes < implausibleBytes ? Math.floor(bytes / mebibyte) : undefined;
  };
  const [availableMiB, swappedInMiB] = [mib('stat-available-memory'), mib('stat-swap-in')];
  return { ...(availableMiB === undefined ? {} : { availableMiB }), ...(swappedInMiB === undefined ? {} : { swappedInMiB }) };
}

/** Of the agent's `guest-file-read`. */
export function fileTextIn(answer: Json): string | undefined {
  const text = isObject(answer) ? answer['buf-b64'] : undefined;
  return typeof text === 'string' ? textOfBase64(text) : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
