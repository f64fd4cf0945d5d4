// Owns making and editing a quota: what a project may take of each resource, beside what it has taken.
// Must not judge; a quota below what is used is allowed, and stops only what comes.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import { useClient, usePlace } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { useAmountText } from '../../ui/amount-text.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { isObjectName } from '../../ui/object-name.ts';
import { RowTable } from '../../ui/row-table.tsx';
import { NameAndProject, type NamedDraft } from './name-and-project.tsx';
import { areHard, countable, handedOutDevices, type HardRow, hardPatch, hardRows, isAmount, newHard, quotaDraft } from './quota-draft.ts';

/** Without `quota` a new one is made. */
export function QuotaDialog({ quota, onClose }: { readonly quota?: ResourceQuota; readonly onClose: () => void }) {
  const { t } = useTranslation('quotas');
  const client = useClient();
  const place = usePlace();
  const amountText = useAmountText();
  const [named, setNamed] = useState<NamedDraft>(() => ({ name: '', namespace: place.namespace }));
  const [rows, setRows] = useState(() => (quota === undefined ? [newHard] : hardRows(quota)));
  const devices = handedOutDevices(useList('nodes').items).map((name) => `requests.${name}`);
  const known: ReadonlySet<string> = new Set([...countable, ...devices, ...rows.map(({ resource }) => resource)]);
  const send = (): Promise<unknown> =>
    quota === undefined
      ? client.create('resourcequotas', quotaDraft(named, rows))
      : client.patch(
          { resource: 'resourcequotas', namespace: quota.metadata.namespace, name: quota.metadata.name },
          hardPatch(quota, rows),
        );
  return (
    <FormDialog
      id="quota"
      title={quota === undefined ? t('form.newQuota') : t('form.editQuota', { name: quota.metadata.name })}
      note={t('form.quotaNote')}
      variant="medium"
      button={quota === undefined ? t('form.create') : t('save', { ns: 'words' })}
      failed={t('form.failed')}
      isReady={areHard(rows) && (quota !== undefined || isObjectName(named.name))}
      send={send}
      onClose={onClose}
    >
      {quota === undefined && <NameAndProject draft={named} onChange={setNamed} />}
      <RowTable
        id="hard"
        label={t('form.hard')}
        columns={[
          { id: 'resource', title: t('form.resource'), options: [...known].map((name) => ({ value: name, label: name })) },
          { id: 'hard', title: t('form.most'), placeholder: '8Gi', isWrong: (text, row) => text !== '' && !isAmount(row.resource, text) },
          ...(quota === undefined
            ? []
            : [
                {
                  id: 'used',
                  title: t('form.used'),
                  textOf: ({ resource, used }: HardRow) => (used === '' ? '–' : amountText(resource, used)),
                } as const,
              ]),
        ]}
        rows={rows}
        onChange={setRows}
        newRow={newHard}
        addLabel={t('form.add')}
        removeLabel={t('form.remove')}
      />
    </FormDialog>
  );
}
