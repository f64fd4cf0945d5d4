// Owns the dialog that changes what happens when the guest fails, and when the machine comes up.
// Must not decide what may be said; the core does.
import {
  Alert,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { panicActions, watchdogActions } from '../../../electron/api/failure-actions.ts';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import type { MachineView } from './machine-view.ts';
import { type FailureDraft, failureDraft, failurePatch, isFailureDraftValid, needsRestart } from './failure-edits.ts';

export function FailuresDialog({ machine, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation('failures');
  const client = useClient();
  const [draft, setDraft] = useState<FailureDraft>(() => failureDraft(machine.vm));
  const isValid = isFailureDraftValid(draft);
  const save = async (): Promise<void> => {
    const { namespace, name, vm } = machine;
    const patch = failurePatch(vm, draft);
    if (Object.keys(patch).length > 0) await client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name }, patch);
  };
  return (
    <FormDialog
      id="failures"
      title={t('title')}
      note={t('note')}
      button={t('save', { ns: 'words' })}
      failed={t('failed')}
      isReady={isValid}
      send={save}
      onClose={onClose}
    >
      <Choice
        id="watchdog"
        value={draft.watchdog}
        options={['off', ...watchdogActions].map((value) => ({
          value,
          label: value === 'off' ? t('off') : t(`watchdog.action.${value}` as 'watchdog.action.reset'),
        }))}
        onChange={(watchdog) => setDraft({ ...draft, watchdog: watchdog as FailureDraft['watchdog'] })}
      />
      <Choice
        id="panic"
        value={draft.panic}
        options={['off', ...panicActions].map((value) => ({
          value,
          label: value === 'off' ? t('off') : t(`panic.action.${value}` as 'panic.action.reset'),
        }))}
        onChange={(panic) => setDraft({ ...draft, panic: panic as FailureDraft['panic'] })}
      />
      <Amount id="order" value={draft.order} onChange={(order) => setDraft({ ...draft, order })} />
      <Amount id="delay" value={draft.delay} onChange={(delay) => setDraft({ ...draft, delay })} />
      {!isValid && (
        <FormHelperText>
          <HelperText>
            <HelperTextItem variant="error">{t('invalid')}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
      {machine.state.phase === 'Running' && needsRestart(machine.vm, draft) && (
        <Alert component="p" isInline isPlain variant="info" title={t('edit.afterRestart', { ns: 'machines' })} />
      )}
    </FormDialog>
  );
}

interface ChoiceProps {
  readonly id: 'watchdog' | 'panic';
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

function Choice({ id, value, options, onChange }: ChoiceProps) {
  const { t } = useTranslation('failures');
  return (
    <FormGroup label={t(`${id}.title`)} fieldId={`failures-${id}`}>
      <FormSelect
        id={`failures-${id}`}
        value={value}
        onChange={(_event, chosen) => onChange(chosen)}
        aria-describedby={`failures-${id}-note`}
      >
        {options.map((option) => (
          <FormSelectOption key={option.value} value={option.value} label={option.label} />
        ))}
      </FormSelect>
      <Note id={`failures-${id}-note`}>{t(`${id}.note`)}</Note>
    </FormGroup>
  );
}

function Amount({
  id,
  value,
  onChange,
}: {
  readonly id: 'order' | 'delay';
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTranslation('failures');
  return (
    <FormGroup label={t(`start.field.${id}`)} fieldId={`failures-${id}`}>
      <TextInput
        id={`failures-${id}`}
        inputMode="numeric"
        value={value}
        onChange={(_event, text) => onChange(text.trim())}
        aria-describedby={`failures-${id}-note`}
      />
      <Note id={`failures-${id}-note`}>{t(`start.note.${id}`)}</Note>
    </FormGroup>
  );
}

function Note({ id, children }: { readonly id: string; readonly children: string }) {
  return (
    <FormHelperText>
      <HelperText id={id}>
        <HelperTextItem>{children}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}
