// Owns showing the allow list: each name, what it stands for here, who uses it, and what can be done with it.
// Must not change it; the dialogs do.
import { Button, Content, EmptyState, EmptyStateBody, EmptyStateFooter, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { HostDeviceReport, OfferedResource } from '../../../electron/api/host-devices.ts';
import { useList } from '../../client/hooks.ts';
import { RowMenu } from '../../ui/row-menu.tsx';
import { TitledCard } from '../../ui/titled-card.tsx';
import type { AllowDraft } from './allow-list.ts';
import { type MachineUse, machinesUsing } from './allow-use.ts';
import { useAllowing } from './allowing.tsx';

const emptyDraft: AllowDraft = { list: 'pciHostDevices', selector: '', resourceName: '', externalResourceProvider: false };

export function AllowedCard({ report }: { readonly report: HostDeviceReport }) {
  const { t } = useTranslation('allowed');
  const { rows, allow, edit, forbid } = useAllowing();
  const machines = useList('virtualmachines.kubevirt.io').items;
  const add = (
    <Button variant="secondary" onClick={() => allow(emptyDraft)}>
      {t('add')}
    </Button>
  );
  if (rows.length === 0) {
    return (
      <TitledCard title={t('title')}>
        <EmptyState variant="xs" titleText={t('empty.title')} headingLevel="h3">
          <EmptyStateBody>{t('empty.body')}</EmptyStateBody>
          <EmptyStateFooter>{add}</EmptyStateFooter>
        </EmptyState>
      </TitledCard>
    );
  }
  return (
    <TitledCard title={t('title')} actions={add}>
      <Content component="p" className="vd-subtle">
        {t('note')}
      </Content>
      <Table variant="compact" aria-label={t('title')}>
        <Thead>
          <Tr>
            <Th>{t('column.name')}</Th>
            <Th>{t('column.selector')}</Th>
            <Th>{t('column.here')}</Th>
            <Th>{t('column.machines')}</Th>
            <Th screenReaderText={t('column.actions')} />
          </Tr>
        </Thead>
        <Tbody>
          {rows.map((row) => (
            <Tr key={`${row.list} ${row.index}`}>
              <Td dataLabel={t('column.name')} modifier="breakWord">
                {row.resourceName}{' '}
                {row.externalResourceProvider && (
                  <Label isCompact variant="outline">
                    {t('external')}
                  </Label>
                )}
              </Td>
              <Td dataLabel={t('column.selector')} modifier="breakWord">
                <code>{row.selector}</code>{' '}
                <span className="vd-subtle">{t(`kind.${row.list === 'usb' ? 'usbHostDevices' : row.list}`)}</span>
              </Td>
              <Td dataLabel={t('column.here')}>
                <Counts resource={report.resources.find(({ name }) => name === row.resourceName)} />
              </Td>
              <Td dataLabel={t('column.machines')}>
                <Machines uses={machinesUsing(row.resourceName, { resources: report.resources, machines })} />
              </Td>
              <Td isActionCell>
                <RowMenu
                  name={row.resourceName}
                  items={[
                    { title: t('menu.edit'), onClick: () => edit(row) },
                    { title: t('menu.forbid'), onClick: () => forbid(row) },
                  ]}
                />
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </TitledCard>
  );
}

function Counts({ resource }: { readonly resource: OfferedResource | undefined }) {
  const { t } = useTranslation('allowed');
  const devices = resource?.devices ?? [];
  const ready = devices.filter(({ unready }) => unready === undefined);
  const used = ready.filter(({ usedBy }) => usedBy !== undefined).length;
  if (devices.length === 0) return <span className="vd-subtle">{t('count.none')}</span>;
  return (
    <>
      {ready.length > 0 && <div>{t('count.ready', { free: ready.length - used, of: ready.length })}</div>}
      {devices.length > ready.length && <div className="vd-subtle">{t('count.unready', { count: devices.length - ready.length })}</div>}
    </>
  );
}

function Machines({ uses }: { readonly uses: readonly MachineUse[] }) {
  const { t } = useTranslation('allowed');
  if (uses.length === 0) return '–';
  return uses.map(({ namespace, name, isHolding }) => (
    <div key={`${namespace}/${name}`}>
      <Link href={`/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`}>{name}</Link>{' '}
      {isHolding && <Label isCompact>{t('holding')}</Label>}
    </div>
  ));
}
