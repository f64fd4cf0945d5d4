// Owns the disks of one machine: what each is, how large, what is written inside the guest's file systems.
// Must not change the machine.
import { EmptyState, EmptyStateBody, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/formats-context.tsx';
import { useList } from '../../client/hooks.ts';
import { type MachineDisk, machineDisks } from './machine-disks.ts';
import type { MachineView } from './machine-view.ts';
import { TitledCard } from './titled-card.tsx';

const columns = ['name', 'source', 'size', 'drive', 'interface', 'boot'] as const;

export function DisksTab({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const claims = useList('persistentvolumeclaims').items.filter(({ metadata }) => metadata.namespace === machine.namespace);
  const disks = machineDisks((machine.vmi ?? machine.vm.spec.template).spec, claims);
  return (
    <TitledCard title={t('tab.disks')}>
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
            </Tr>
          </Thead>
          <Tbody>
            {disks.map((disk) => (
              <DiskRow key={disk.name} disk={disk} />
            ))}
          </Tbody>
        </Table>
      )}
    </TitledCard>
  );
}

function DiskRow({ disk }: { readonly disk: MachineDisk }) {
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
    </Tr>
  );
}
