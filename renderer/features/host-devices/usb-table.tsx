// Owns the table of USB devices, which need no preparation: QEMU opens them while a machine runs.
// Must not plug anything.
import { Button, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import type { UsbDevice } from '../../../electron/api/host-devices.ts';
import { usbName } from './allow-choices.ts';
import { rowFor, usbDraft } from './allow-list.ts';
import { useAllowing } from './allowing.tsx';

const columns = ['port', 'device', 'id', 'driver', 'speed', 'uses'] as const;

export function UsbTable({ devices }: { readonly devices: readonly UsbDevice[] }) {
  const { t } = useTranslation('devices');
  return (
    <Table variant="compact" aria-label={t('usb.title')}>
      <Thead>
        <Tr>
          {columns.map((column) => (
            <Th key={column} modifier={column === 'device' ? undefined : 'fitContent'}>
              {t(`usb.column.${column}`)}
            </Th>
          ))}
          <Th screenReaderText={t('allow', { ns: 'allowed' })} />
        </Tr>
      </Thead>
      <Tbody>
        {devices.map((device) => (
          <UsbRow key={device.port} device={device} />
        ))}
      </Tbody>
    </Table>
  );
}

function UsbRow({ device }: { readonly device: UsbDevice }) {
  const { t } = useTranslation('devices');
  const { rows, allow } = useAllowing();
  const { port, vendorId, productId, drivers, speedMbps, hostUses, serial } = device;
  const allowed = rowFor(rows, usbDraft(device));
  return (
    <Tr>
      <Td dataLabel={t('usb.column.port')} modifier="nowrap">
        <code>{port}</code>
      </Td>
      <Td dataLabel={t('usb.column.device')}>
        {usbName(device)}
        {serial !== undefined && <span className="vd-subtle"> {serial}</span>}
      </Td>
      <Td dataLabel={t('usb.column.id')}>
        <code>
          {vendorId}:{productId}
        </code>
      </Td>
      <Td dataLabel={t('usb.column.driver')}>{drivers.join(', ') || '–'}</Td>
      <Td dataLabel={t('usb.column.speed')} modifier="nowrap">
        {speedMbps === undefined ? '–' : t('usb.speed', { speed: speedMbps })}
      </Td>
      <Td dataLabel={t('usb.column.uses')}>
        {hostUses.length === 0
          ? '–'
          : hostUses.map(({ kind, detail }) => (
              <Label key={`${kind} ${detail}`} isCompact color={kind === 'audio' ? 'grey' : 'red'}>
                {t(`use.${kind}`)} {detail}
              </Label>
            ))}
      </Td>
      <Td isActionCell modifier="nowrap">
        {allowed === undefined ? (
          <Button
            variant="link"
            isInline
            aria-label={t('allowNamed', { ns: 'allowed', name: usbName(device) })}
            onClick={() => allow(usbDraft(device))}
          >
            {t('allow', { ns: 'allowed' })}
          </Button>
        ) : (
          <Label isCompact color="teal">
            {t('allowedAs', { ns: 'allowed', name: allowed.resourceName })}
          </Label>
        )}
      </Td>
    </Tr>
  );
}
