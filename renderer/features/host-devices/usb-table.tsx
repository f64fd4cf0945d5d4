// Owns the table of USB devices, which need no preparation: QEMU opens them while a machine runs.
// Must not plug anything.
import { Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import type { UsbDevice } from '../../../electron/api/host-devices.ts';

const columns = ['port', 'device', 'id', 'driver', 'speed', 'uses'] as const;

export function UsbTable({ devices }: { readonly devices: readonly UsbDevice[] }) {
  const { t } = useTranslation('devices');
  return (
    <Table variant="compact" aria-label={t('usb.title')}>
      <Thead>
        <Tr>
          {columns.map((column) => (
            <Th key={column}>{t(`usb.column.${column}`)}</Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {devices.map(({ port, names, vendorId, productId, drivers, speedMbps, hostUses, serial }) => (
          <Tr key={port}>
            <Td dataLabel={t('usb.column.port')}>
              <code>{port}</code>
            </Td>
            <Td dataLabel={t('usb.column.device')}>
              {[names.vendor, names.product].filter(Boolean).join(' ')}
              {serial !== undefined && <span className="vd-subtle"> {serial}</span>}
            </Td>
            <Td dataLabel={t('usb.column.id')}>
              <code>
                {vendorId}:{productId}
              </code>
            </Td>
            <Td dataLabel={t('usb.column.driver')}>{drivers.join(', ') || '–'}</Td>
            <Td dataLabel={t('usb.column.speed')}>{speedMbps === undefined ? '–' : t('usb.speed', { speed: speedMbps })}</Td>
            <Td dataLabel={t('usb.column.uses')}>
              {hostUses.length === 0
                ? '–'
                : hostUses.map(({ kind, detail }) => (
                    <Label key={`${kind} ${detail}`} isCompact color={kind === 'audio' ? 'grey' : 'red'}>
                      {t(`use.${kind}`)} {detail}
                    </Label>
                  ))}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
