// Owns the start check: what blocks, what will be different, what is fine, and the buttons that fix.
// Must not judge; the core has.
import { Alert, Content, Skeleton, StackItem } from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Cause } from '../../../electron/api/errors.ts';
import { type FixAction, fixLabel } from '../../../electron/api/fix-actions.ts';
import { useClient } from '../../client/context.tsx';
import type { CauseRow } from '../../ui/cause-list.tsx';
import { CheckAnswer } from '../../ui/check-answer.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { FixDialog } from '../../ui/fix-dialog.tsx';
import { causePlace } from './cause-place.ts';
import type { EditId } from './machine-editors.ts';
import { machinePath } from './machine-path.ts';
import type { MachineView } from './machine-view.ts';
import { startCheckReport } from './start-check-report.ts';
import { useMachineHands } from './use-machine-hands.ts';
import type { LoadedCheck } from './use-start-check.ts';

const EditDialog = lazy(() => import('./edit-dialog.tsx').then((file) => ({ default: file.EditDialog })));

interface StartCheckPanelProps {
  readonly machine: MachineView;
  readonly check: LoadedCheck;
  /** Something else is looked at from now on. */
  readonly onLeave: () => void;
}

export function StartCheckPanel({ machine, check, onLeave }: StartCheckPanelProps) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const [asked, setAsked] = useState<FixAction>();
  const [edited, setEdited] = useState<EditId>();
  const goTo = useCausePlaces(machine, { onEdit: setEdited, onLeave });
  const rows = useFixableRows(setAsked, goTo);
  if (check.phase === 'failed') return <FormFailure title={t('check.failed')} failure={failureOf(check.error)} />;
  if (check.value === undefined) return <Skeleton height="8rem" screenreaderText={t('check.asking')} />;
  const { allowed, causes, warnings, passed } = check.value;
  const verdict = (
    <Alert
      component="p"
      isInline
      isPlain
      variant={allowed ? 'success' : 'danger'}
      title={allowed ? t('check.allowed') : t('check.blocked', { count: causes.length })}
    />
  );
  return (
    <CheckAnswer
      check={check.value}
      verdict={verdict}
      causes={rows(causes)}
      warnings={rows(warnings, { hasPlaces: false })}
      different={t('check.different')}
      fine={t('check.fine', { count: passed.length })}
    >
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
      {asked !== undefined && (
        <FixDialog
          action={asked}
          target={machine}
          apply={(action) => client.applyFix(action, machine)}
          onClose={() => setAsked(undefined)}
          onDone={check.again}
        />
      )}
      <Suspense>{edited !== undefined && <EditDialog id={edited} machine={machine} onClose={() => setEdited(undefined)} />}</Suspense>
    </CheckAnswer>
  );
}

/** The reason under which the core reports what the lifecycle table says. */
const lifecycleReason = 'LifecycleConflict';

type Button = NonNullable<CauseRow['buttons']>[number];

function useFixableRows(
  press: (action: FixAction) => void,
  goTo: (cause: Cause) => readonly Button[],
): (causes: readonly Cause[], options?: { readonly hasPlaces: boolean }) => readonly CauseRow[] {
  const { refusal } = useMachineHands();
  return (causes, { hasPlaces } = { hasPlaces: true }) =>
    causes.map((cause) => {
      const { reason, message, field, fix, actions = [] } = cause;
      const fixes = actions.map((action) => ({ label: fixLabel(action), onPress: () => press(action) }));
      return {
        message: reason === lifecycleReason ? refusal(message) : message,
        field,
        fix,
        buttons: hasPlaces ? [...fixes, ...goTo(cause)] : fixes,
      };
    });
}

interface Leaving {
  readonly onEdit: (id: EditId) => void;
  readonly onLeave: () => void;
}

/** The way to where the field is changed; what has a fix of its own needs no way into the YAML. */
function useCausePlaces(machine: MachineView, { onEdit, onLeave }: Leaving): (cause: Cause) => readonly Button[] {
  const { t } = useTranslation('machines');
  const [, navigate] = useLocation();
  const leaveTo = (path: string): void => {
    onLeave();
    navigate(path);
  };
  return (cause) => {
    const place = causePlace(cause);
    if (place === undefined) return [];
    switch (place.type) {
      case 'edit':
        return [{ label: t(`edit.${place.id}.title`), onPress: () => onEdit(place.id) }];
      case 'page':
        return [{ label: t(`check.page.${place.page}`), onPress: () => leaveTo(`/${place.page}`) }];
      case 'tab':
        if (place.tab === 'yaml' && (cause.actions ?? []).length > 0) return [];
        return [{ label: t(`check.tab.${place.tab}`), onPress: () => leaveTo(machinePath({ ...machine, tab: place.tab })) }];
    }
  };
}
