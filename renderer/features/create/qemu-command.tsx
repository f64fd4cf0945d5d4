// Owns showing the QEMU command that the core would run.
// Must not build it; the core does.
import { useTranslation } from 'react-i18next';
import type { StartCheckArgument } from '../../../electron/api/start-check.ts';
import { CodeText } from './code-text.tsx';
import { commandText } from './qemu-command-text.ts';

export function QemuCommand({ command }: { readonly command: readonly StartCheckArgument[] }) {
  const { t } = useTranslation('create');
  return <CodeText id="qemu-command" text={commandText(command)} copyLabel={t('review.copyCommands')} />;
}
