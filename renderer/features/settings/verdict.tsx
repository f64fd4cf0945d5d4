// Owns saying what accelerates machines now, and what the self-test found.
// Must not test; the core has.
import { Alert, ClipboardCopy, Skeleton } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { ComputerReport } from '../../../electron/api/computer.ts';
import type { Loaded } from '../../client/hooks.ts';
import { useSentences } from '../../ui/sentences.tsx';

export function Verdict({ report }: { readonly report: Loaded<ComputerReport> }) {
  const { t } = useTranslation('settings');
  const say = useSentences();
  if (report.value === undefined)
    return report.phase === 'loading' ? <Skeleton className="vd-alerts vd-verdict" screenreaderText={t('verdict.asking')} /> : null;
  const { accelerator, checks } = report.value;
  const check = checks.find(({ id }) => id === 'acceleration');
  return (
    <Alert
      component="p"
      isInline
      // Of one height, whatever it has to say: what is below does not move when it is known.
      isExpandable
      toggleAriaLabel={t('verdict.details')}
      className="vd-alerts"
      variant={accelerator.inUse === 'kvm' ? 'success' : 'warning'}
      title={t(`verdict.${accelerator.inUse}`)}
    >
      <p>{say(accelerator.message)}</p>
      {check?.fix !== undefined && <p>{say(check.fix)}</p>}
      {check?.command !== undefined && (
        <ClipboardCopy isReadOnly isCode hoverTip={t('copy', { ns: 'words' })} clickTip={t('copied', { ns: 'words' })}>
          {check.command}
        </ClipboardCopy>
      )}
    </Alert>
  );
}
