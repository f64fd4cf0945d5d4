// Owns editing the labels of a node that a person writes; those that follow from facts are only shown.
// Must not let a fact be overwritten.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../../../electron/api/kinds/node.ts';
import { isOfFacts } from '../../../electron/api/node-labels.ts';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { labelLines, labelsOf } from '../../ui/label-lines.ts';

export function NodeLabelsDialog({ node, onClose }: { readonly node: Node; readonly onClose: () => void }) {
  const { t } = useTranslation('nodes');
  const client = useClient();
  const [old] = useState(() => Object.fromEntries(Object.entries(node.metadata.labels ?? {}).filter(([label]) => !isOfFacts(label))));
  const [text, setText] = useState(() => labelLines(old));
  const labels = labelsOf(text);
  const taken = Object.keys(labels ?? {}).find(isOfFacts);
  const save = (): Promise<unknown> => {
    const gone = Object.fromEntries(Object.keys(old).map((label) => [label, null]));
    return client.patch({ resource: 'nodes', name: node.metadata.name }, { metadata: { labels: { ...gone, ...labels } } });
  };
  const isValid = labels !== undefined && taken === undefined;
  return (
    <FormDialog
      id="node-edit"
      title={t('edit.labels')}
      note={t('edit.labelsNote')}
      button={t('save', { ns: 'words' })}
      failed={t('notSaved')}
      isReady={isValid}
      send={save}
      onClose={onClose}
    >
      <FormGroup label={t('edit.labelsOf', { name: node.metadata.name })} fieldId="node-labels">
        <TextArea
          id="node-labels"
          value={text}
          rows={6}
          resizeOrientation="vertical"
          validated={isValid ? 'default' : 'error'}
          onChange={(_event, value) => setText(value)}
        />
        <FormHelperText>
          <HelperText>
            <HelperTextItem variant={isValid ? 'default' : 'error'}>
              {labels === undefined ? t('edit.notLabels') : taken === undefined ? t('edit.oneALine') : t('edit.isFact', { label: taken })}
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
    </FormDialog>
  );
}
