// Owns the disks of one machine: what each is, how large; adding one, taking one out.
// Must not delete a disk: taken out of the machine, it is kept.
import { Button, EmptyState, EmptyStateBody, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import { RowMenu } from '../../ui/row-menu.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { AddDiskDialog } from './add-disk-dialog.tsx';
import { removeDiskPatch } from './disk-edits.ts';
import { DiskStateLabel } from './disk-state-label.tsx';
import { diskState, type DiskState, isPluggable, leavingDisks, ownDisks } from './disk-states.ts';
import { type MachineDisk, machineDisks } from './machine-disks.ts';
import type { MachineView } from './machine-view.ts';
import { TitledCard } from '../../ui/titled-card.tsx';

const columns = ['name', 'source', 'size', 'drive', 'interface', 'boot'] as const;

export function DisksTab({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const client = useClient();
  const { fail } = useNotices();
  const [adding, setAdding] = useState(false);
  const { namespace, name, vm, vmi } = machine;
  const claims = useList('persistentvolumeclaims').items.filter(({ metadata }) => metadata.namespace === namespace);
  const defined = machineDisks(vm.spec.template.spec, claims);
  const own = ownDisks(
    vmi,
    defined.map((disk) => disk.name),
  );
  const disks = [...defined, ...machineDisks(vmi?.spec, claims).filter((disk) => own.includes(disk.name))];
  const leaving = leavingDisks(vmi);
  const isPlugged = (disk: string): boolean =>
    vm.spec.template.spec?.volumes?.some((volume) => volume.name === disk && isPluggable(volume)) === true;
  const takeOut = (disk: string): void => {
    const key = { resource: 'virtualmachines.kubevirt.io', namespace, name } as const;
    const runOnly = own.includes(disk);
    // A plugged disk goes at once, with the guest's consent; any other with the next start.
    const going =
      runOnly || isPlugged(disk) ? client.unplug({ namespace, name }, disk, { runOnly }) : client.patch(key, removeDiskPatch(vm, disk));
    going.catch((error: unknown) => fail(t('failed.takeOut', { disk }), error));
  };
  const add = (
    <Button variant="secondary" onClick={() => setAdding(true)}>
      {t('disk.add.action')}
    </Button>
  );
  return (
    <TitledCard title={t('tab.disks')} actions={add}>
      {disks.length + leaving.length === 0 ? (
        <EmptyState variant="xs" titleText={t('disk.emptyTitle')} headingLevel="h3">
          <EmptyStateBody>{t('disk.emptyBody')}</EmptyStateBody>
        </EmptyState>
      ) : (
        <Table variant="compact" aria-label={t('tab.disks')}>
          <Thead>
            <Tr>
              {columns.map((column) => (
                // The core's words stand below the name: they must not squeeze the rest.
                <Th key={column} {...(column === 'name' ? { width: 35 } : { modifier: 'nowrap' })}>
                  {t(`disk.column.${column}`)}
                </Th>
              ))}
              <Th screenReaderText={t('column.actions')} />
            </Tr>
          </Thead>
          <Tbody>
            {disks.map((disk) => (
              <DiskRow
                key={disk.name}
                disk={disk}
                state={diskState(vmi, disk.name)}
                isOfRun={own.includes(disk.name)}
                onTakeOut={() => takeOut(disk.name)}
              />
            ))}
            {leaving.map((disk) => (
              <DiskRow key={`leaving-${disk.name}`} disk={disk} state={diskState(vmi, disk.name)} isOfRun={false} />
            ))}
          </Tbody>
        </Table>
      )}
      {adding && <AddDiskDialog machine={machine} onClose={() => setAdding(false)} />}
    </TitledCard>
  );
}

interface DiskRowProps {
  readonly disk: MachineDisk;
  readonly state: DiskState | undefined;
  /** Not in the definition: it goes when the machine stops. */
  readonly isOfRun: boolean;
  /** Absent for what is going already. */
  readonly onTakeOut?: () => void;
}

function DiskRow({ disk, state, isOfRun, onTakeOut }: DiskRowProps) {
  const { t } = useTranslation('machines');
  const formats = useFormats();
  const { name, source, sourceName, sizeBytes, device, readOnly, bus, bootOrder } = disk;
  return (
    <Tr>
      <Td dataLabel={t('disk.column.name')}>
        {name} <DiskStateLabel state={state} isOfRun={isOfRun} />
      </Td>
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
        {onTakeOut !== undefined && (
          <RowMenu name={name} items={[{ title: t('disk.takeOut'), description: t('disk.takeOutNote'), onClick: onTakeOut }]} />
        )}
      </Td>
    </Tr>
  );
}
