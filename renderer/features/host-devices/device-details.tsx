// Owns everything known of one PCI device.
// Must not change it.
import { DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { LinkFact, PciDevice } from '../../../electron/api/host-devices.ts';
import { noMac } from '../../../electron/api/privileged.ts';
import { useHostUseText } from '../../ui/verdict-label.tsx';
import { DeviceActions } from './device-actions.tsx';
import type { FunctionView } from './virtual-function.ts';

export interface DeviceDetailsProps {
  readonly device: PciDevice;
  readonly told: FunctionView;
}

export function DeviceDetails({ device, told: { settings, card, usedBy } }: DeviceDetailsProps) {
  const { t } = useTranslation('devices');
  const useOf = useHostUseText();
  const { subsystemVendorId, subsystemDeviceId, sriov, link, names } = device;
  const onOff = (value: boolean | undefined): string | undefined =>
    value === undefined ? undefined : t(value ? 'detail.on' : 'detail.off');
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t('detail.id'), `${device.vendorId}:${device.deviceId}`],
    [
      t('detail.subsystem'),
      subsystemVendorId === undefined
        ? undefined
        : [names.subsystem, `${subsystemVendorId}:${subsystemDeviceId ?? ''}`].filter(Boolean).join(' '),
    ],
    [t('detail.class'), [names.class, device.classCode].filter(Boolean).join(' ')],
    [t('detail.driver'), device.driver ?? t('detail.noDriver')],
    [t('detail.candidates'), device.candidateDrivers.join(', ')],
    [t('detail.override'), device.driverOverride],
    [t('detail.group'), device.iommuGroup],
    [t('detail.node'), device.numaNode === undefined ? undefined : String(device.numaNode)],
    [t('detail.reset'), device.resetMethods.length === 0 ? t('detail.noReset') : device.resetMethods.join(', ')],
    [t('detail.link'), link === undefined ? undefined : linkText(link)],
    [t('detail.sriov'), sriov === undefined ? undefined : t('detail.functions', { used: sriov.numvfs, total: sriov.totalvfs })],
    [t('detail.physfn'), [device.physfn, card].filter(Boolean).join(' ')],
    [t('detail.mac'), settings?.mac === undefined ? undefined : settings.mac === noMac ? t('detail.noMac') : settings.mac],
    [t('detail.vlan'), settings === undefined ? undefined : settings.vlan ? String(settings.vlan) : t('detail.noVlan')],
    [t('detail.spoofCheck'), onOff(settings?.spoofCheck)],
    [t('detail.trust'), onOff(settings?.trust)],
    [t('detail.usedBy'), usedBy],
    [t('detail.parents'), device.parents.join(' → ')],
    [t('detail.uses'), device.hostUses.map(useOf).join(', ')],
    [t('detail.bootVga'), device.bootVga ? t('detail.yes') : undefined],
    [t('detail.vfio'), device.vfioDevice],
  ];
  return (
    <>
      <DescriptionList
        isCompact
        isHorizontal
        isAutoFit
        horizontalTermWidthModifier={{ default: '11rem' }}
        aria-label={t('detail.label', { address: device.address })}
      >
        {rows.map(([term, text]) =>
          text === undefined || text === '' ? undefined : (
            <DescriptionListGroup key={term}>
              <DescriptionListTerm>{term}</DescriptionListTerm>
              <DescriptionListDescription>{text}</DescriptionListDescription>
            </DescriptionListGroup>
          ),
        )}
      </DescriptionList>
      <DeviceActions device={device} />
    </>
  );
}

/** `8.0 GT/s PCIe x4`, and what it could be where it is slower. */
function linkText({ currentSpeed, currentWidth, maxSpeed, maxWidth }: LinkFact): string {
  const now = [currentSpeed, currentWidth === undefined ? undefined : `x${currentWidth}`].filter(Boolean).join(' ');
  const most = [maxSpeed, maxWidth === undefined ? undefined : `x${maxWidth}`].filter(Boolean).join(' ');
  return most === '' || most === now ? now : `${now} (max. ${most})`;
}
