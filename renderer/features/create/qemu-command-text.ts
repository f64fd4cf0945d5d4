// Owns the QEMU command as text for a shell.
// Must not run it.
import type { StartCheckArgument } from '../../../electron/api/start-check.ts';

/** Quoted where needed, one option a line. */
export function commandText(command: readonly StartCheckArgument[]): string {
  return command.map(({ flag, value }) => (value === undefined ? flag : `${flag} ${quoted(value)}`)).join(' \\\n  ');
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
