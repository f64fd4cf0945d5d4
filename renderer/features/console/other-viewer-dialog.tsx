// Owns letting a viewer that is not ours connect to the screen: where it listens, the password, and how to reach it.
// Must not keep the password; it goes into a Secret.
import {
  Alert,
  Button,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { annotations } from '../../../electron/api/annotations.ts';
import { ApiError } from '../../client/api-error.ts';
import type { Client } from '../../client/client.ts';
import { useClient } from '../../client/context.tsx';
import { useObject } from '../../client/hooks.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';

export interface OtherViewerDialogProps {
  readonly namespace: string;
  readonly name: string;
  readonly onClose: () => void;
  readonly appendTo: () => HTMLElement;
}

const formId = 'other-viewer';

export function OtherViewerDialog({ namespace, name, onClose, appendTo }: OtherViewerDialogProps) {
  const { t } = useTranslation('viewers');
  const client = useClient();
  const notes = useObject({ resource: 'virtualmachines.kubevirt.io', namespace, name }).object?.metadata.annotations;
  const running = useObject({ resource: 'virtualmachineinstances.kubevirt.io', namespace, name }).object?.metadata.annotations;
  const listens = running?.[annotations.vncListen];
  const [address, setAddress] = useState(notes?.[annotations.vncListen] ?? '127.0.0.1:5901');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const [isSaved, setSaved] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setError(undefined);
    letIn(client, { namespace, name, address, password }).then(() => setSaved(true), setError);
  };
  return (
    <Modal isOpen variant="small" aria-labelledby="other-viewer-title" onClose={onClose} appendTo={appendTo}>
      <ModalHeader title={t('title')} labelId="other-viewer-title" description={t('body')} />
      <ModalBody tabIndex={0}>
        {listens !== undefined && (
          <Alert isInline component="p" variant="info" title={t('listens', { address: listens })}>
            <code>{viewerCommand(listens)}</code>{' '}
            <CopyButton text={viewerCommand(listens)} label={t('copy')} doneLabel={t('copied', { ns: 'words' })} />
          </Alert>
        )}
        {isSaved && <Alert isInline component="p" variant="success" title={t('saved')} />}
        {error !== undefined && <FormFailure title={t('failed')} failure={failureOf(error)} />}
        <Form id={formId} onSubmit={submit}>
          <FormGroup label={t('address')} fieldId="other-viewer-address" isRequired>
            <TextInput id="other-viewer-address" isRequired value={address} onChange={(_event, text) => setAddress(text)} />
            <FormHelperText>
              <HelperText>
                <HelperTextItem>{t('addressHelp')}</HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
          <FormGroup label={t('password')} fieldId="other-viewer-password" isRequired>
            <TextInput
              id="other-viewer-password"
              type="password"
              autoComplete="new-password"
              isRequired
              maxLength={8}
              value={password}
              onChange={(_event, text) => setPassword(text)}
            />
            <FormHelperText>
              <HelperText>
                <HelperTextItem>{t('passwordHelp')}</HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form={formId} isDisabled={address.trim() === '' || password === ''}>
          {t('save')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('close')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

interface Viewer {
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
  readonly password: string;
}

/** The Secret first: a machine that names one which is not there would not start. */
async function letIn(client: Client, { namespace, name, address, password }: Viewer): Promise<void> {
  const secret = `${name}-screen`;
  const stringData = { password };
  try {
    await client.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: secret }, stringData });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    await client.patch({ resource: 'secrets', namespace, name: secret }, { stringData });
  }
  const notes = { [annotations.vncListen]: address.trim(), [annotations.vncSecret]: secret };
  await client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name }, { metadata: { annotations: notes } });
}

/** remote-viewer asks for the password itself. */
function viewerCommand(address: string): string {
  return `remote-viewer vnc://${/^\d+$/.test(address) ? `127.0.0.1:${address}` : address}`;
}
