// Owns editing the taints of a node.
// Must not judge who tolerates them.
import { Alert } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../../../electron/api/kinds/node.ts';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { isLabelKey, isLabelValue } from '../../ui/label-lines.ts';
import { RowTable } from '../../ui/row-table.tsx';
import { areTaints, evictedBy, newTaint, taintEffects, taintRows, taintsPatch } from './taint-rows.ts';

export function NodeTaintsDialog({ node, onClose }: { readonly node: Node; readonly onClose: () => void }) {
  const { t } = useTranslation('nodes');
  const client = useClient();
  const [base] = useState(node);
  const [rows, setRows] = useState(() => taintRows(node));
  const evicted = evictedBy(rows, useList('virtualmachineinstances.kubevirt.io').items, node.metadata.name);
  const save = (): Promise<unknown> => client.patch({ resource: 'nodes', name: node.metadata.name }, taintsPatch(base, rows));
  return (
    <FormDialog
      id="node-edit"
      title={t('edit.taints')}
      note={t('edit.taintsNote')}
      variant="medium"
      button={t('save', { ns: 'words' })}
      failed={t('notSaved')}
      isReady={areTaints(rows)}
      send={save}
      onClose={onClose}
    >
      <RowTable
        id="node-taints"
        label={t('taints')}
        columns={[
          { id: 'key', title: t('edit.key'), isWrong: (key) => key !== '' && !isLabelKey(key) },
          { id: 'value', title: t('edit.value'), isWrong: (value) => !isLabelValue(value) },
          { id: 'effect', title: t('edit.effect'), options: taintEffects.map((effect) => ({ value: effect, label: effect })) },
        ]}
        rows={rows}
        onChange={setRows}
        newRow={newTaint}
        addLabel={t('edit.addTaint')}
        removeLabel={t('edit.removeTaint')}
      />
      <div aria-live="polite">
        {evicted.length > 0 && <Alert component="p" isInline variant="warning" title={t('edit.evicts', { names: evicted.join(', ') })} />}
      </div>
    </FormDialog>
  );
}
