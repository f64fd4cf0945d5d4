// Owns the QEMU command that the core would run, one option a line.
// Must not build it; the core does.
import { useTranslation } from 'react-i18next';
import type { StartCheckArgument } from '../../../electron/api/computer.ts';
import { CodeText } from './code-text.tsx';

export function QemuCommand({ command }: { readonly command: readonly StartCheckArgument[] }) {
  const { t } = useTranslation('create');
  return <CodeText id="qemu-command" text={commandText(command)} copyLabel={t('review.copyCommands')} />;
}

/** Ready for a shell: quoted where needed, continued with backslashes. */
export function commandText(command: readonly StartCheckArgument[]): string {
  return command.map(({ flag, value }) => (value === undefined ? flag : `${flag} ${quoted(value)}`)).join(' \\\n  ');
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
