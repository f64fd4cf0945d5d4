// Owns the disks of one machine: what each is, how large; adding one, taking one out.
// Must not delete a disk: taken out of the machine, it is kept.
import { Button, EmptyState, EmptyStateBody, Label } from '@patternfly/react-core';
import { ActionsColumn, Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import { menuPlace } from '../../ui/menu-place.ts';
import { useNotices } from '../../ui/notices.tsx';
import { AddDiskDialog } from './add-disk-dialog.tsx';
import { removeDiskPatch } from './disk-edits.ts';
import { type MachineDisk, machineDisks } from './machine-disks.ts';
import type { MachineView } from './machine-view.ts';
import { TitledCard } from './titled-card.tsx';

const columns = ['name', 'source', 'size', 'drive', 'interface', 'boot'] as const;

export function DisksTab({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const { fail } = useNotices();
  const [adding, setAdding] = useState(false);
  const { namespace, name, vm } = machine;
  const claims = useList('persistentvolumeclaims').items.filter(({ metadata }) => metadata.namespace === namespace);
  const disks = machineDisks(vm.spec.template.spec, claims);
  const takeOut = (disk: string): void => {
    const key = { resource: 'virtualmachines.kubevirt.io', namespace, name } as const;
    client.patch(key, removeDiskPatch(vm, disk)).catch((error: unknown) => fail(t('failed.takeOut', { disk }), error));
  };
  const add = (
    <Button variant="secondary" onClick={() => setAdding(true)}>
      {t('disk.add.action')}
    </Button>
  );
  return (
    <TitledCard title={t('tab.disks')} actions={add}>
      {disks.length === 0 ? (
        <EmptyState variant="xs" titleText={t('disk.emptyTitle')} headingLevel="h3">
          <EmptyStateBody>{t('disk.emptyBody')}</EmptyStateBody>
        </EmptyState>
      ) : (
        <Table variant="compact" aria-label={t('tab.disks')}>
          <Thead>
            <Tr>
              {columns.map((column) => (
                <Th key={column}>{t(`disk.column.${column}`)}</Th>
              ))}
              <Th screenReaderText={t('column.actions')} />
            </Tr>
          </Thead>
          <Tbody>
            {disks.map((disk) => (
              <DiskRow key={disk.name} disk={disk} onTakeOut={() => takeOut(disk.name)} />
            ))}
          </Tbody>
        </Table>
      )}
      {adding && <AddDiskDialog machine={machine} onClose={() => setAdding(false)} />}
    </TitledCard>
  );
}

function DiskRow({ disk, onTakeOut }: { readonly disk: MachineDisk; readonly onTakeOut: () => void }) {
  const { t } = useTranslation('machines');
  const formats = useFormats();
  const { name, source, sourceName, sizeBytes, device, readOnly, bus, bootOrder } = disk;
  return (
    <Tr>
      <Td dataLabel={t('disk.column.name')}>{name}</Td>
      <Td dataLabel={t('disk.column.source')} modifier="breakWord">
        {t(`disk.source.${source}`)} {sourceName !== undefined && <span className="vd-subtle">{sourceName}</span>}
      </Td>
      <Td dataLabel={t('disk.column.size')}>{sizeBytes === undefined ? '–' : formats.bytes(sizeBytes)}</Td>
      <Td dataLabel={t('disk.column.drive')}>
        {t(`disk.device.${device}`)}{' '}
        {readOnly && (
          <Label isCompact variant="outline">
            {t('disk.readOnly')}
          </Label>
        )}
      </Td>
      <Td dataLabel={t('disk.column.interface')}>{bus ?? '–'}</Td>
      <Td dataLabel={t('disk.column.boot')}>{bootOrder ?? '–'}</Td>
      <Td isActionCell>
        <ActionsColumn
          items={[{ title: t('disk.takeOut'), description: t('disk.takeOutNote'), onClick: onTakeOut }]}
          popperProps={{ position: 'end', appendTo: menuPlace }}
          aria-label={t('detail.edit', { term: name })}
        />
      </Td>
    </Tr>
  );
}
