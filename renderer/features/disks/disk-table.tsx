// Owns the table of disks.
// Must not delete; the dialog does.
import { Label, type LabelProps, Progress } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { Link } from 'wouter';
import { RowMenu } from '../../ui/row-menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import type { DiskState, DiskView } from './disk-view.ts';

const columns = ['name', 'state', 'size', 'source', 'usedBy', 'created'] as const;

const colours: Readonly<Record<DiskState, LabelProps['color']>> = {
  ready: 'green',
  preparing: 'blue',
  waiting: 'grey',
  failed: 'red',
  deleting: 'grey',
};

export interface DiskTableProps {
  readonly disks: readonly DiskView[];
  readonly onDelete: (disk: DiskView) => void;
}

export function DiskTable({ disks, onDelete }: DiskTableProps) {
  const { t } = useTranslation('disks');
  return (
    <Table variant="compact" aria-label={t('title')}>
      <Thead>
        <Tr>
          {columns.map((column) => (
            <Th key={column}>{t(`column.${column}`)}</Th>
          ))}
          <Th screenReaderText={t('column.actions')} />
        </Tr>
      </Thead>
      <Tbody>
        {disks.map((disk) => (
          <DiskRow key={disk.id} disk={disk} onDelete={onDelete} />
        ))}
      </Tbody>
    </Table>
  );
}

function DiskRow({ disk, onDelete }: { readonly disk: DiskView; readonly onDelete: (disk: DiskView) => void }) {
  const { t } = useTranslation('disks');
  const formats = useFormats();
  const isComputer = useIsComputer();
  const { name, namespace, sizeBytes, format, storageClass, source, usedBy, createdAt, path } = disk;
  return (
    <Tr>
      <Td dataLabel={t('column.name')} modifier="breakWord" title={path}>
        <strong>{name}</strong>
      </Td>
      <Td dataLabel={t('column.state')}>
        <State disk={disk} />
      </Td>
      <Td dataLabel={t('column.size')} modifier="nowrap">
        {sizeBytes === undefined ? '–' : formats.bytes(sizeBytes)} {format !== undefined && <span className="vd-subtle">{format}</span>}
        {!isComputer && storageClass !== undefined && <div className="vd-subtle">{storageClass}</div>}
      </Td>
      <Td dataLabel={t('column.source')}>{source === undefined ? '–' : t(`source.${source}`)}</Td>
      <Td dataLabel={t('column.usedBy')}>
        {usedBy.length === 0 && <span className="vd-subtle">{t('notUsed')}</span>}
        {usedBy.map((machine) => (
          <Link key={machine} href={`/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(machine)}`} className="vd-listed">
            {machine}
          </Link>
        ))}
      </Td>
      <Td dataLabel={t('column.created')} modifier="nowrap">
        <Moment time={createdAt} />
      </Td>
      <Td isActionCell>
        <RowMenu
          name={disk.name}
          items={[
            {
              title: t('delete.action'),
              isDanger: true,
              isAriaDisabled: usedBy.length > 0,
              description: usedBy.length > 0 ? t('delete.used', { machines: usedBy.join(', ') }) : undefined,
              onClick: () => usedBy.length === 0 && onDelete(disk),
            },
          ]}
        />
      </Td>
    </Tr>
  );
}

function State({ disk }: { readonly disk: DiskView }) {
  const { t } = useTranslation('disks');
  const { state, percent, reason, name } = disk;
  const say = useSentences();
  if (state === 'preparing' && percent !== undefined)
    return <Progress value={percent} size="sm" title={t('state.preparing')} aria-label={name} />;
  return (
    <>
      <Label isCompact color={colours[state]}>
        {t(`state.${state}`)}
      </Label>
      {reason !== undefined && <p className="vd-subtle vd-breakable">{say(reason)}</p>}
    </>
  );
}
