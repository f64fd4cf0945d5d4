// Owns the start check of a machine that is not made yet: what blocks, what will be different, what is fine.
// Must not judge; the core has.
import { Card, CardBody, CardTitle, Skeleton, useWizardContext } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cause } from '../../../electron/api/errors.ts';
import { type FixAction, fixLabel, type FixTarget } from '../../../electron/api/fix-actions.ts';
import { useClient, useIsComputer } from '../../client/context.tsx';
import type { CauseRow } from '../../ui/cause-list.tsx';
import { CheckAnswer } from '../../ui/check-answer.tsx';
import { FixDialog } from '../../ui/fix-dialog.tsx';
import { causeStep } from './cause-step.ts';
import { Remark } from './remark.tsx';
import type { DraftCheck } from './use-draft-check.ts';
import { useProblemText } from './use-problem-text.ts';
import type { Problem } from './validation.ts';

export interface ReviewCheckProps {
  readonly check: DraftCheck;
  /** Of all steps: a warning that was passed by is said again. */
  readonly problems: readonly Problem[];
  /** The machine that is to be made. */
  readonly target: FixTarget;
}

export function ReviewCheck({ check, problems, target }: ReviewCheckProps) {
  const { t } = useTranslation(['create', 'clusterCreate']);
  return (
    <Card isCompact>
      <CardTitle component="h3">{useIsComputer() ? t('review.check') : t('clusterCreate:check.title')}</CardTitle>
      <CardBody>
        <OwnProblems problems={problems} />
        <CoreAnswer check={check} target={target} />
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

function CoreAnswer({ check, target }: Pick<ReviewCheckProps, 'check' | 'target'>) {
  const { t } = useTranslation(['create', 'clusterCreate']);
  const client = useClient();
  const fine = useIsComputer() ? t('review.canStart') : t('clusterCreate:check.fine');
  const [asked, setAsked] = useState<FixAction>();
  const rows = useRows(setAsked);
  if (check.phase === 'failed') return <Remark status="warning" text={t('review.checkFailed')} more={check.error.message} />;
  if (check.value === undefined) return <Skeleton height="6rem" screenreaderText={t('review.checking')} />;
  const { allowed, causes, warnings, passed } = check.value;
  return (
    <CheckAnswer
      check={check.value}
      verdict={<Remark status={allowed ? 'success' : 'danger'} text={allowed ? fine : t('review.blocked', { count: causes.length })} />}
      causes={rows(causes)}
      warnings={warnings.map(plain)}
      fine={t('review.fine', { count: passed.length })}
    >
      {asked !== undefined && (
        <FixDialog
          action={asked}
          target={target}
          apply={(action) => client.applyFix(action, target)}
          onClose={() => setAsked(undefined)}
          onDone={() => check.again?.()}
        />
      )}
    </CheckAnswer>
  );
}

/** What changes something else can be pressed at once; what would change the machine itself is chosen in its step. */
function useRows(press: (action: FixAction) => void): (causes: readonly Cause[]) => readonly CauseRow[] {
  const { t } = useTranslation('create');
  const { goToStepById } = useWizardContext();
  return (causes) =>
    causes.map(({ message, field, fix, actions = [] }) => {
      const step = causeStep(field);
      const outside = actions.filter(({ type }) => type !== 'PatchMachine');
      return {
        message,
        field,
        fix,
        buttons: [
          ...outside.map((action) => ({ label: fixLabel(action), onPress: () => press(action) })),
          ...(step === undefined ? [] : [{ label: t('review.change', { step: t(`steps.${step}`) }), onPress: () => goToStepById(step) }]),
        ],
      };
    });
}

/** What will only be different needs no change. */
function plain({ message, field, fix }: Cause): CauseRow {
  return { message, field, fix };
}
