// Owns editing one property of a machine: its fields, when it takes effect, and what to do when somebody else changed it.
// Must not overwrite what the user has not seen.
import {
  Alert,
  AlertActionLink,
  Button,
  Form,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { EditFields } from './edit-fields.tsx';
import { type Drafts, type EditId, type Editor, editors } from './machine-editors.ts';
import type { MachineView } from './machine-view.ts';
import { WhatIf } from './what-if.tsx';

export interface EditDialogProps<Id extends EditId> {
  readonly id: Id;
  readonly machine: MachineView;
  readonly onClose: () => void;
}

/** Those with tables. */
const wide: ReadonlySet<EditId> = new Set(['processor', 'tolerations', 'affinity']);

/** Those that change what a machine takes, or whose company it keeps. */
const weighed: ReadonlySet<EditId> = new Set(['cpu', 'memory', 'ownCores', 'affinity', 'resources']);

export function EditDialog<Id extends EditId>({ id, machine, onClose }: EditDialogProps<Id>) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const editor: Editor<Drafts[Id]> = editors[id];
  const words: EditId = id;
  const [base, setBase] = useState(machine);
  const [draft, setDraft] = useState(() => editor.read(machine));
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const { namespace, name } = machine;
  const problem = editor.problem(draft);
  const restarts = typeof editor.needsRestart === 'function' ? editor.needsRestart(machine, draft) : editor.needsRestart;
  const changedElsewhere = !busy && JSON.stringify(editor.read(machine)) !== JSON.stringify(editor.read(base));
  const reload = (): void => {
    setBase(machine);
    setDraft(editor.read(machine));
    setError(undefined);
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      // Against what is shown as changed, too: the user has read the warning.
      const patch = editor.patch(machine, draft);
      if (patch.length > 0) await client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name }, patch);
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (problem === undefined && !busy) void save();
  };
  return (
    <Modal isOpen variant={wide.has(id) ? 'medium' : 'small'} onClose={onClose} aria-labelledby="edit-title">
      <ModalHeader labelId="edit-title" title={t(`edit.${words}.title`)} description={t(`edit.${words}.note`)} />
      <ModalBody>
        <Form id="edit-form" onSubmit={onSubmit}>
          {changedElsewhere && (
            <Alert
              component="p"
              isInline
              variant="warning"
              title={t('edit.changed')}
              actionLinks={<AlertActionLink onClick={reload}>{t('edit.reload')}</AlertActionLink>}
            >
              {t('edit.override')}
            </Alert>
          )}
          {error !== undefined && <FormFailure title={t('failed.save')} failure={failureOf(error)} />}
          <EditFields id={id} draft={draft} onChange={setDraft} machine={machine} />
          {problem === undefined && weighed.has(id) && <WhatIf machine={machine} patch={editor.patch(machine, draft)} />}
          {problem !== undefined && (
            <FormHelperText>
              <HelperText>
                <HelperTextItem variant="error">{t(`edit.invalid.${problem}`)}</HelperTextItem>
              </HelperText>
            </FormHelperText>
          )}
          {machine.state.phase === 'Running' && (restarts || typeof editor.needsRestart === 'function') && (
            <Alert component="p" isInline isPlain variant="info" title={t(restarts ? 'edit.afterRestart' : 'edit.atOnce')} />
          )}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="edit-form" isDisabled={problem !== undefined || busy} isLoading={busy}>
          {t('save', { ns: 'words' })}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
