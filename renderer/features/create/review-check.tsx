// Owns the start check of a machine that is not made yet: what blocks, what will be different, what is fine.
// Must not judge; the core has.
import { Card, CardBody, CardTitle, ExpandableSection, Skeleton, Stack, StackItem } from '@patternfly/react-core';
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { ExclamationCircleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { ExclamationTriangleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { useTranslation } from 'react-i18next';
import type { Cause } from '../../../electron/api/errors.ts';
import { useIsComputer } from '../../client/context.tsx';
import { CauseList } from '../../ui/cause-list.tsx';
import { ChargeList } from '../../ui/charge-list.tsx';
import { Remark } from './remark.tsx';
import type { DraftCheck } from './use-draft-check.ts';
import { useProblemText } from './use-problem-text.ts';
import type { Problem } from './validation.ts';

export interface ReviewCheckProps {
  readonly check: DraftCheck;
  /** Of all steps: a warning that was passed by is said again. */
  readonly problems: readonly Problem[];
}

export function ReviewCheck({ check, problems }: ReviewCheckProps) {
  const { t } = useTranslation(['create', 'clusterCreate']);
  return (
    <Card isCompact>
      <CardTitle component="h3">{useIsComputer() ? t('review.check') : t('clusterCreate:check.title')}</CardTitle>
      <CardBody>
        <OwnProblems problems={problems} />
        <CoreAnswer check={check} />
      </CardBody>
    </Card>
  );
}

function OwnProblems({ problems }: { readonly problems: readonly Problem[] }) {
  const text = useProblemText();
  return problems.map((problem) => (
    <Remark key={`${problem.field}-${problem.code}`} status={problem.severity === 'error' ? 'danger' : 'warning'} text={text(problem)} />
  ));
}

function CoreAnswer({ check }: { readonly check: DraftCheck }) {
  const { t } = useTranslation(['create', 'clusterCreate', 'quotas']);
  const fine = useIsComputer() ? t('review.canStart') : t('clusterCreate:check.fine');
  if (check.phase === 'failed') return <Remark status="warning" text={t('review.checkFailed')} more={check.error.message} />;
  if (check.value === undefined) return <Skeleton height="6rem" screenreaderText={t('review.checking')} />;
  const { allowed, causes, warnings, passed, charge } = check.value;
  return (
    <Stack hasGutter>
      <StackItem>
        <Remark status={allowed ? 'success' : 'danger'} text={allowed ? fine : t('review.blocked', { count: causes.length })} />
      </StackItem>
      {causes.length > 0 && (
        <StackItem>
          <CauseList causes={causes.map(plain)} icon={<ExclamationCircleIcon />} status="danger" />
        </StackItem>
      )}
      {warnings.length > 0 && (
        <StackItem>
          <CauseList causes={warnings.map(plain)} icon={<ExclamationTriangleIcon />} status="warning" />
        </StackItem>
      )}
      {passed.length > 0 && (
        <StackItem>
          <ExpandableSection toggleText={t('review.fine', { count: passed.length })} isIndented>
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
    </Stack>
  );
}

/** Fixes that can be pressed change stored objects; this one is not stored. */
function plain({ message, field, fix }: Cause): { readonly message: string; readonly field: string; readonly fix?: string } {
  return { message, field, ...(fix === undefined ? {} : { fix }) };
}
