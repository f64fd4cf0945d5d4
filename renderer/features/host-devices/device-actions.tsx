// Owns what can be done with one PCI device: allowing it, setting its virtual functions, and the parts that can be made of it.
// Must not hand it over; the guide does.
import { Button, Content } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MdevDevice, MdevType, PciDevice } from '../../../electron/api/host-devices.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { mdevDraft, pciDraft, rowFor } from './allow-list.ts';
import { useAllowing } from './allowing.tsx';
import { nameOf } from '../../ui/device-groups.ts';
import { FunctionsDialog } from './functions-dialog.tsx';

export function DeviceActions({ device }: { readonly device: PciDevice }) {
  const { t } = useTranslation('allowed');
  const { rows, allow, edit } = useAllowing();
  const [isSetting, setSetting] = useState(false);
  const { sriov, mdevTypes } = device;
  const row = rowFor(rows, pciDraft(device));
  return (
    <>
      <div className="vd-group-labels">
        <Button variant="link" isInline onClick={() => (row === undefined ? allow(pciDraft(device)) : edit(row))}>
          {row === undefined ? t('allow') : t('dialog.edit')}
        </Button>
        {sriov !== undefined && (
          <Button variant="link" isInline onClick={() => setSetting(true)}>
            {t('functions.set')}
          </Button>
        )}
      </div>
      {mdevTypes.length > 0 && <MdevTypes device={device} />}
      {isSetting && sriov !== undefined && <FunctionsDialog device={device} sriov={sriov} onClose={() => setSetting(false)} />}
    </>
  );
}

function MdevTypes({ device }: { readonly device: PciDevice }) {
  const { t } = useTranslation('allowed');
  const { mdevs } = useAllowing();
  const free = device.mdevTypes.find(({ availableInstances }) => availableInstances > 0);
  return (
    <>
      <Table variant="compact" aria-label={t('mdev.label', { name: nameOf(device) })}>
        <Thead>
          <Tr>
            <Th>{t('mdev.type')}</Th>
            <Th modifier="wrap">{t('mdev.free')}</Th>
            <Th>{t('mdev.made')}</Th>
            <Th screenReaderText={t('allow')} />
          </Tr>
        </Thead>
        <Tbody>
          {device.mdevTypes.map((type) => (
            <MdevRow key={type.id} type={type} device={device} made={mdevs.filter((mdev) => isMadeOf(mdev, device, type))} />
          ))}
        </Tbody>
      </Table>
      {free !== undefined && (
        <>
          <Content component="p" className="vd-tight">
            {t('mdev.how')}
          </Content>
          <div>
            <code className="vd-command">{makingOf(device, free)}</code>{' '}
            <CopyButton text={makingOf(device, free)} label={t('mdev.copy')} doneLabel={t('mdev.copied')} />
          </div>
        </>
      )}
    </>
  );
}

interface MdevRowProps {
  readonly type: MdevType;
  readonly device: PciDevice;
  readonly made: readonly MdevDevice[];
}

function MdevRow({ type, device, made }: MdevRowProps) {
  const { t } = useTranslation('allowed');
  const { rows, allow } = useAllowing();
  const draft = mdevDraft(type, device);
  const row = rowFor(rows, draft);
  const name = type.name ?? type.id;
  return (
    <Tr>
      <Td dataLabel={t('mdev.type')}>
        {name} {type.name !== undefined && <code className="vd-subtle">{type.id}</code>}
      </Td>
      <Td dataLabel={t('mdev.free')}>{type.availableInstances}</Td>
      <Td dataLabel={t('mdev.made')} modifier="breakWord">
        {made.length === 0 ? '–' : made.map(({ uuid }) => <div key={uuid}>{uuid}</div>)}
      </Td>
      <Td isActionCell modifier="nowrap">
        {row === undefined ? (
          <Button variant="link" isInline aria-label={t('allowNamed', { name })} onClick={() => allow(draft)}>
            {t('allow')}
          </Button>
        ) : (
          t('allowedAs', { name: row.resourceName })
        )}
      </Td>
    </Tr>
  );
}

function isMadeOf({ parent, typeId }: MdevDevice, { address }: PciDevice, { id }: MdevType): boolean {
  return parent === address && typeId === id;
}

/** As the kernel documents it: the folder of a type takes the uuid of what is to be made. */
function makingOf({ address }: PciDevice, { id }: MdevType): string {
  return `uuidgen | sudo tee /sys/bus/pci/devices/${address}/mdev_supported_types/${id}/create`;
}
