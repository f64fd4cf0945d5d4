// Owns making and editing a LimitRange: the bounds of one machine or disk, and what it gets that asks for nothing.
// Must not apply it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LimitRange } from '../../../electron/api/kinds/limit-range.ts';
import { useClient, usePlace } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { isObjectName } from '../../ui/object-name.ts';
import { RowTable } from '../../ui/row-table.tsx';
import { NameAndProject, type NamedDraft } from './name-and-project.tsx';
import { isAmount } from './quota-draft.ts';
import {
  areRanges,
  hasPart,
  newRange,
  rangeDraft,
  rangeParts,
  rangePatch,
  rangeResources,
  type RangeRow,
  rangeRows,
  rangeTypes,
} from './range-draft.ts';

/** Without `range` a new one is made. */
export function RangeDialog({ range, onClose }: { readonly range?: LimitRange; readonly onClose: () => void }) {
  const { t } = useTranslation('quotas');
  const client = useClient();
  const place = usePlace();
  const [named, setNamed] = useState<NamedDraft>(() => ({ name: '', namespace: place.namespace }));
  const [rows, setRows] = useState(() => (range === undefined ? [newRange] : rangeRows(range)));
  // A bound of a device is of machines without one, too: it is kept, and not offered.
  const known: ReadonlySet<string> = new Set([...rangeResources, ...rows.map(({ resource }) => resource)]);
  // Storage is of claims, and of nothing else.
  const change = (next: readonly RangeRow[]): void => setRows(next.map(withOwnResource));
  const send = (): Promise<unknown> =>
    range === undefined
      ? client.create('limitranges', rangeDraft(named, rows))
      : client.patch({ resource: 'limitranges', namespace: range.metadata.namespace, name: range.metadata.name }, rangePatch(rows));
  return (
    <FormDialog
      id="range"
      title={range === undefined ? t('form.newRange') : t('form.editRange', { name: range.metadata.name })}
      note={t('form.rangeNote')}
      variant="large"
      button={range === undefined ? t('form.create') : t('save', { ns: 'words' })}
      failed={t('form.failed')}
      isReady={areRanges(rows) && (range !== undefined || isObjectName(named.name))}
      send={send}
      onClose={onClose}
    >
      {range === undefined && <NameAndProject draft={named} onChange={setNamed} />}
      <RowTable
        id="limits"
        label={t('form.limits')}
        columns={[
          { id: 'type', title: t('form.type'), options: rangeTypes.map((type) => ({ value: type, label: t(`types.${type}`) })) },
          { id: 'resource', title: t('form.resource'), options: [...known].map((name) => ({ value: name, label: name })) },
          ...rangeParts.map((part) => ({
            id: part,
            title: t(`parts.${part}`),
            isDisabled: (row: RangeRow) => !hasPart(row, part),
            isWrong: (text: string, row: RangeRow) => text !== '' && !isAmount(row.resource, text),
          })),
        ]}
        rows={rows}
        onChange={change}
        newRow={newRange}
        addLabel={t('form.add')}
        removeLabel={t('form.remove')}
        isWide
      />
    </FormDialog>
  );
}

function withOwnResource(row: RangeRow): RangeRow {
  if (row.type === 'PersistentVolumeClaim')
    return { ...row, resource: 'storage', default: '', defaultRequest: '', maxLimitRequestRatio: '' };
  const resource = row.resource === 'storage' ? 'memory' : row.resource;
  return row.type === 'Pod' ? { ...row, resource, default: '', defaultRequest: '' } : { ...row, resource };
}
