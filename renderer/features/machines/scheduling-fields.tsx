// Owns the fields of the dialogs for node selector, tolerations and cores of its own, and what they would mean now.
// Must not save.
import { Checkbox, FormGroup, Label, TextArea } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { keepsAway, tolerates } from '../../../electron/api/tolerations.ts';
import { isLabelKey, isLabelValue, labelsOf } from '../../ui/label-lines.ts';
import { RowTable } from '../../ui/row-table.tsx';
import { MatchingNodes } from './matching-nodes.tsx';
import { hasLabels } from './scheduling-edits.ts';
import { isToleration, newToleration, tolerationEffects, type TolerationRow, tolerationsOf } from './toleration-edits.ts';

interface NodeSelectorFieldProps {
  readonly draft: string;
  readonly onChange: (text: string) => void;
}

export function NodeSelectorField({ draft, onChange }: NodeSelectorFieldProps) {
  const { t } = useTranslation('scheduling');
  const labels = labelsOf(draft);
  return (
    <>
      <FormGroup label={t('nodeSelector')} fieldId="edit-selector">
        <TextArea id="edit-selector" value={draft} onChange={(_event, text) => onChange(text)} rows={4} resizeOrientation="vertical" />
      </FormGroup>
      {labels !== undefined && <MatchingNodes fits={(node) => hasLabels(node, labels)} />}
    </>
  );
}

export function OwnCoresField({ draft, onChange }: { readonly draft: boolean; readonly onChange: (wanted: boolean) => void }) {
  const { t } = useTranslation('scheduling');
  return (
    <>
      <Checkbox
        id="edit-own-cores"
        label={t('schedule')}
        description={
          <>
            {t('onlyOn')}{' '}
            <Label isCompact color="blue">
              cpumanager=true
            </Label>
          </>
        }
        isChecked={draft}
        onChange={(_event, wanted) => onChange(wanted)}
      />
      {draft && <MatchingNodes fits={(node) => hasLabels(node, { cpumanager: 'true' })} />}
    </>
  );
}

interface TolerationsFieldProps {
  readonly draft: readonly TolerationRow[];
  readonly onChange: (rows: readonly TolerationRow[]) => void;
}

export function TolerationsField({ draft, onChange }: TolerationsFieldProps) {
  const { t } = useTranslation('scheduling');
  const isExists = ({ operator }: TolerationRow): boolean => operator === 'Exists';
  // A value that stands beside Exists is refused: it goes with the choice.
  const change = (rows: readonly TolerationRow[]): void => onChange(rows.map((row) => (isExists(row) ? { ...row, value: '' } : row)));
  const tolerations = tolerationsOf(draft);
  return (
    <>
      <RowTable
        id="tolerations"
        label={t('tolerations')}
        columns={[
          { id: 'key', title: t('taintKey'), isWrong: (key, row) => (key === '' ? !isExists(row) : !isLabelKey(key)) },
          { id: 'operator', title: t('operator'), options: ['Equal', 'Exists'].map((name) => ({ value: name, label: name })) },
          { id: 'value', title: t('value'), isWrong: (value) => !isLabelValue(value), isDisabled: isExists },
          {
            id: 'effect',
            title: t('effect'),
            options: [{ value: '', label: t('anyEffect') }, ...tolerationEffects.map((name) => ({ value: name, label: name }))],
          },
        ]}
        rows={draft}
        onChange={change}
        newRow={newToleration}
        addLabel={t('addToleration')}
        removeLabel={t('removeToleration')}
      />
      {draft.every(isToleration) && (
        <MatchingNodes
          fits={({ spec }) =>
            (spec.taints ?? []).filter(keepsAway).every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)))
          }
        />
      )}
    </>
  );
}
