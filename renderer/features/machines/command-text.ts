// Owns writing an argv so that a shell reads it back the same.
// Must not run it.
import type { StartCheckArgument } from '../../../electron/api/start-check.ts';

/** One option a line. */
export function shellText(command: readonly StartCheckArgument[]): string {
  return command.map(({ flag, value }) => (value === undefined ? quoted(flag) : `${quoted(flag)} ${quoted(value)}`)).join(' \\\n  ');
}

function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
