// Owns one LimitRange as a table, with its dialog.
// Must not judge anything.
import { Button, Card, CardBody, CardHeader, CardTitle, Label } from '@patternfly/react-core';
import { PencilAltIcon } from '@patternfly/react-icons/dist/esm/icons/pencil-alt-icon';
import { TrashIcon } from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LimitRange } from '../../../electron/api/kinds/limit-range.ts';
import { useAmountText } from '../../ui/amount-text.ts';
import { DeleteLimitDialog } from './delete-limit-dialog.tsx';
import { RangeDialog } from './range-dialog.tsx';
import { rangeParts, rangeRows } from './range-draft.ts';

export function RangeCard({ range }: { readonly range: LimitRange }) {
  const { t } = useTranslation('quotas');
  const { namespace = '', name } = range.metadata;
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const text = useAmountText();
  const id = `range-${namespace}-${name}`;
  const actions = (
    <>
      <Label variant="outline">{t('project', { name: namespace })}</Label>
      <Button variant="plain" icon={<PencilAltIcon />} aria-label={t('form.editRange', { name })} onClick={() => setEditing(true)} />
      <Button variant="plain" icon={<TrashIcon />} aria-label={t('form.delete', { name })} onClick={() => setDeleting(true)} />
    </>
  );
  return (
    <Card component="section" aria-labelledby={id}>
      <CardHeader actions={{ actions, hasNoOffset: true }}>
        <CardTitle component="h2" id={id}>
          {t('range', { name })}
        </CardTitle>
      </CardHeader>
      <CardBody>
        <Table variant="compact" aria-label={t('range', { name })}>
          <Thead>
            <Tr>
              <Th>{t('form.type')}</Th>
              <Th>{t('form.resource')}</Th>
              {rangeParts.map((part) => (
                <Th key={part}>{t(`parts.${part}`)}</Th>
              ))}
            </Tr>
          </Thead>
          <Tbody>
            {rangeRows(range).map((row) => (
              <Tr key={`${row.type} ${row.resource}`}>
                <Td dataLabel={t('form.type')}>{row.type}</Td>
                <Td dataLabel={t('form.resource')}>{row.resource}</Td>
                {rangeParts.map((part) => (
                  <Td key={part} dataLabel={t(`parts.${part}`)}>
                    {row[part] === '' ? '–' : part === 'maxLimitRequestRatio' ? row[part] : text(row.resource, row[part])}
                  </Td>
                ))}
              </Tr>
            ))}
          </Tbody>
        </Table>
      </CardBody>
      {deleting && <DeleteLimitDialog resource="limitranges" namespace={namespace} name={name} onClose={() => setDeleting(false)} />}
      {editing && <RangeDialog range={range} onClose={() => setEditing(false)} />}
    </Card>
  );
}
