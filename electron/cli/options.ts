// Owns reading the values of options: numbers, dry run, cascade.
// Must not send anything.
import { UsageError } from './resource-names.ts';

export function wholeNumber(option: string, text: string, most: number = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError(
    `invalid argument "${text}" for "${option}": it takes a whole number${most < Number.MAX_SAFE_INTEGER ? ` up to ${most}` : ''}`,
  );
}

/** True when nothing may be changed. */
export function isDryRun(text: string | undefined): boolean {
  if (text === undefined || text === 'none') return false;
  if (text === 'server') return true;
  throw new UsageError(`Invalid dry-run value (${text}). Must be "none" or "server".`);
}

const policies: Readonly<Record<string, string>> = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' };

export function propagationPolicy(cascade: string): string {
  const policy = policies[cascade];
  if (policy === undefined) throw new UsageError(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  return policy;
}
