// Owns the tokens that let one disk be uploaded, as CDI gives them out: for one claim, for five minutes.
// Must not keep a token, only what it can be known by.
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../engine/ports.ts';

export interface UploadTarget {
  readonly namespace: string;
  readonly name: string;
}

export interface UploadTokens {
  issue(target: UploadTarget): string;
  /** Whose disk may be sent with it; undefined when nobody gave it out, or too long ago. */
  targetOf(token: string): UploadTarget | undefined;
}

/** CDI's. */
const lifeMs = 5 * 60_000;
/** Nobody uploads more disks at once; the oldest are forgotten. */
const maxTokens = 256;

export function createUploadTokens(clock: Pick<Clock, 'now'>): UploadTokens {
  const known = new Map<string, { readonly target: UploadTarget; readonly endMs: number }>();
  return {
    issue(target) {
      const token = randomBytes(32).toString('base64url');
      known.set(hash(token), { target, endMs: clock.now() + lifeMs });
      for (const oldest of known.keys()) {
        if (known.size <= maxTokens) break;
        known.delete(oldest);
      }
      return token;
    },
    targetOf(token) {
      const found = known.get(hash(token));
      return found === undefined || found.endMs <= clock.now() ? undefined : found.target;
    },
  };
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
