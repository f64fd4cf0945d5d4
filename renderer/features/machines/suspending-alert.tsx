// Owns the progress of suspending a machine to disk, by what QEMU writes: QEMU itself answers nothing meanwhile.
// Must not say how much there will be: what the guest never used is not written.
import { Alert, Progress } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useUsage } from '../../client/hooks.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import type { MachineView } from './machine-view.ts';
import { writtenSince } from './utilisation.ts';

export interface SuspendingAlertProps {
  readonly machine: MachineView;
  /** RFC 3339. */
  readonly since: string;
}

export function SuspendingAlert({ machine: { namespace, name, size }, since }: SuspendingAlertProps) {
  const { t } = useTranslation('snapshots');
  const formats = useFormats();
  const samples = useUsage(namespace, name);
  const writtenMiB = writtenSince(samples, Date.parse(since)) / 2 ** 20;
  const mostMiB = Math.max(samples.at(-1)?.residentMiB ?? size.memoryMiB ?? 0, writtenMiB, 1);
  const words = t('suspending.written', { written: formats.mebibytes(writtenMiB), most: formats.mebibytes(mostMiB) });
  return (
    <Alert component="p" isInline variant="info" title={t('suspending.title')}>
      <Progress
        aria-label={t('suspending.title')}
        size="sm"
        value={Math.min(99, (writtenMiB / mostMiB) * 100)}
        label={words}
        valueText={words}
      />
    </Alert>
  );
}
