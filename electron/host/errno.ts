// Owns reading the system's error code (`ENOENT`, `ESRCH`) from whatever was thrown.
// Must not decide what a code means; the caller knows what it was doing.

export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What was thrown, as words for a message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
