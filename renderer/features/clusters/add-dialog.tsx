// Owns the form that adds a connection: a context of a kubeconfig, a name, and a look whether it can be used.
// Must not copy anything of the kubeconfig but what it is called.
import {
  Checkbox,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextInput,
} from '@patternfly/react-core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KubeContext } from '../../../electron/api/clusters.ts';
import type { ConnectionSpec } from '../../../electron/api/kinds/connection.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { isLabelName } from '../../ui/object-name.ts';
import { failureOf } from '../../ui/notices.tsx';
import { CommandText } from './command-text.tsx';
import { nameProblem, suggestedName } from './connection-name.ts';
import { DraftState } from './draft-state.tsx';

export interface AddDialogProps {
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

export function AddDialog({ taken, onClose }: AddDialogProps) {
  const { t } = useTranslation('clusters');
  const client = useClient();
  const [typedFile, setTypedFile] = useState('');
  const [file, setFile] = useState<string>();
  const [chosen, setChosen] = useState<string>();
  const [typedName, setTypedName] = useState<string>();
  const [typedProject, setTypedProject] = useState<string>();
  const [isAllowed, setAllowed] = useState(false);
  const list = useLoaded(useCallback((signal: AbortSignal) => client.contexts(file, signal), [client, file]));
  const contexts = list.phase === 'ready' ? list.value.contexts : [];
  const context = contexts.find(({ name }) => name === chosen) ?? contexts.find(({ isCurrent }) => isCurrent) ?? contexts[0];
  const name = typedName ?? (context === undefined ? '' : suggestedName(context.name, taken));
  const project = typedProject ?? context?.namespace ?? '';
  const problem = nameProblem(name, taken);
  const isProject = project === '' || isLabelName(project);
  const isAgreed = context?.command === undefined || isAllowed;
  const spec = context === undefined || !isProject ? undefined : specOf(context, { file, project, isAllowed });
  const draft = { apiVersion: 'virtdeck.io/v1alpha1', kind: 'Connection', metadata: { name }, spec };
  return (
    <FormDialog
      id="add-cluster"
      title={t('add.title')}
      note={t('add.note')}
      variant="medium"
      button={t('add.button')}
      failed={t('failed.save')}
      isReady={spec !== undefined && problem === undefined && isAgreed}
      send={() => client.create('connections.virtdeck.io', draft)}
      onClose={onClose}
    >
      <FormGroup label={t('add.file')} fieldId="cluster-file">
        <TextInput
          id="cluster-file"
          value={typedFile}
          placeholder={list.value?.path}
          onChange={(_event, text) => setTypedFile(text)}
          onBlur={() => setFile(typedFile.trim() === '' ? undefined : typedFile.trim())}
        />
        <Note text={t('add.fileNote')} />
      </FormGroup>
      {list.phase === 'failed' && <FormFailure title={t('failed.contexts')} failure={failureOf(list.error)} />}
      {list.phase === 'ready' && contexts.length === 0 && <Note text={t('add.noContext')} />}
      {context !== undefined && (
        <>
          <FormGroup label={t('add.context')} fieldId="cluster-context" isRequired>
            <FormSelect
              id="cluster-context"
              value={context.name}
              onChange={(_event, value) => {
                setChosen(value);
                setAllowed(false);
                setTypedProject(undefined);
              }}
            >
              {contexts.map((each) => (
                <FormSelectOption key={each.name} value={each.name} label={`${each.name} · ${each.server}`} />
              ))}
            </FormSelect>
          </FormGroup>
          <FormGroup label={t('column.name')} fieldId="cluster-name" isRequired>
            <TextInput
              id="cluster-name"
              value={name}
              validated={problem === undefined ? 'default' : 'error'}
              onChange={(_event, text) => setTypedName(text)}
            />
            {problem !== undefined && <Note text={t(`add.invalid.${problem}`)} isError />}
          </FormGroup>
          <FormGroup label={t('column.project')} fieldId="cluster-project">
            <TextInput
              id="cluster-project"
              value={project}
              placeholder="default"
              validated={isProject ? 'default' : 'error'}
              onChange={(_event, text) => setTypedProject(text)}
            />
            {!isProject && <Note text={t('add.invalid.project')} isError />}
          </FormGroup>
          {context.command !== undefined && (
            <FormGroup fieldId="cluster-allow" role="group" label={t('allow.label')}>
              <CommandText command={context.command} />
              <Checkbox
                id="cluster-allow"
                label={t('allow.button')}
                isChecked={isAllowed}
                onChange={(_event, checked) => setAllowed(checked)}
              />
            </FormGroup>
          )}
          {spec !== undefined && isAgreed && <DraftState spec={spec} />}
        </>
      )}
    </FormDialog>
  );
}

interface Chosen {
  readonly file: string | undefined;
  readonly project: string;
  readonly isAllowed: boolean;
}

function specOf({ name, command }: KubeContext, { file, project, isAllowed }: Chosen): ConnectionSpec {
  return {
    ...(file === undefined ? {} : { kubeconfig: file }),
    context: name,
    ...(project === '' ? {} : { namespace: project }),
    ...(command === undefined || !isAllowed ? {} : { allowedCommand: [...command] }),
  };
}

function Note({ text, isError = false }: { readonly text: string; readonly isError?: boolean }) {
  return (
    <FormHelperText>
      <HelperText>
        <HelperTextItem variant={isError ? 'error' : 'default'}>{text}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}
