// Owns the start check: what blocks, what will be different, what is fine, and the buttons that fix.
// Must not judge; the core has.
import { Alert, Content, ExpandableSection, Skeleton, Stack, StackItem } from '@patternfly/react-core';
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { ExclamationCircleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { ExclamationTriangleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cause } from '../../../electron/api/errors.ts';
import { type FixAction, fixLabel } from '../../../electron/api/fix-actions.ts';
import { CauseList, type CauseRow } from '../../ui/cause-list.tsx';
import { ChargeList } from '../../ui/charge-list.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { FixDialog } from './fix-dialog.tsx';
import type { MachineView } from './machine-view.ts';
import { startCheckReport } from './start-check-report.ts';
import { useMachineHands } from './use-machine-hands.ts';
import type { LoadedCheck } from './use-start-check.ts';

export function StartCheckPanel({ machine, check }: { readonly machine: MachineView; readonly check: LoadedCheck }) {
  const { t } = useTranslation('machines');
  const [asked, setAsked] = useState<FixAction>();
  const rows = useFixableRows(setAsked);
  if (check.phase === 'failed') return <FormFailure title={t('check.failed')} failure={failureOf(check.error)} />;
  if (check.value === undefined) return <Skeleton height="8rem" screenreaderText={t('check.asking')} />;
  const { allowed, causes, warnings, passed, charge } = check.value;
  return (
    <Stack hasGutter>
      <StackItem>
        <Alert
          component="p"
          isInline
          isPlain
          variant={allowed ? 'success' : 'danger'}
          title={allowed ? t('check.allowed') : t('check.blocked', { count: causes.length })}
        />
      </StackItem>
      {causes.length > 0 && (
        <StackItem>
          <CauseList causes={rows(causes)} icon={<ExclamationCircleIcon />} status="danger" />
        </StackItem>
      )}
      {warnings.length > 0 && (
        <StackItem>
          <Content component="h2">{t('check.different')}</Content>
          <CauseList causes={rows(warnings)} icon={<ExclamationTriangleIcon />} status="warning" />
        </StackItem>
      )}
      {passed.length > 0 && (
        <StackItem>
          <ExpandableSection toggleText={t('check.fine', { count: passed.length })} isIndented>
            <CauseList causes={passed.map((message) => ({ message }))} icon={<CheckCircleIcon />} status="success" />
          </ExpandableSection>
        </StackItem>
      )}
      {charge !== undefined && (
        <StackItem>
          <ExpandableSection toggleText={t('charge.with', { ns: 'quotas', size: charge.requests['memory'] ?? '0' })} isIndented>
            <ChargeList charge={charge} />
          </ExpandableSection>
        </StackItem>
      )}
      <StackItem>
        <Content component="small">
          {t('check.report')}{' '}
          <CopyButton
            text={startCheckReport(machine.vm, check.value)}
            label={t('check.copyReport')}
            doneLabel={t('copied', { ns: 'words' })}
          />
        </Content>
      </StackItem>
      {asked !== undefined && <FixDialog action={asked} machine={machine} onClose={() => setAsked(undefined)} onDone={check.again} />}
    </Stack>
  );
}

/** The reason under which the core reports what the lifecycle table says. */
const lifecycleReason = 'LifecycleConflict';

function useFixableRows(press: (action: FixAction) => void): (causes: readonly Cause[]) => readonly CauseRow[] {
  const { refusal } = useMachineHands();
  return (causes) =>
    causes.map(({ reason, message, field, fix, actions = [] }) => ({
      message: reason === lifecycleReason ? refusal(message) : message,
      field,
      fix,
      buttons: actions.map((action) => ({ label: fixLabel(action), onPress: () => press(action) })),
    }));
}
