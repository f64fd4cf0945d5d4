// Owns the guide's fifth step: whether the devices are vfio-pci's now, or will be after a restart.
// Must not change anything.
import { Alert, Content, Label, Title } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import type { PreparationPlan } from '../../../electron/api/preparation.ts';
import type { Loaded } from '../../client/hooks.ts';
import { type GroupView, nameOf } from '../../ui/device-groups.ts';

export interface VerifyStepProps {
  readonly chosen: readonly GroupView[];
  readonly plan: Loaded<PreparationPlan>;
}

export function VerifyStep({ chosen, plan }: VerifyStepProps) {
  const { t } = useTranslation('devices');
  const devices = chosen.flatMap((view) => view.devices);
  const isWritten = plan.value?.steps.length === 0 && plan.value.causes.length === 0;
  const isBound = devices.length > 0 && devices.every(({ driver }) => driver?.startsWith('vfio') === true);
  const state = isBound ? (isWritten ? 'all' : 'untilRestart') : isWritten ? 'restart' : 'nothing';
  const variants = { all: 'success', untilRestart: 'warning', restart: 'info', nothing: 'warning' } as const;
  const vendor = devices[0]?.vendorId;
  return (
    <>
      <Title headingLevel="h2">{t('guide.step.verify')}</Title>
      <Alert component="p" isInline isLiveRegion variant={variants[state]} title={t(`verify.${state}`)} />
      {devices.length > 0 && (
        <Table variant="compact" aria-label={t('verify.table')}>
          <Thead>
            <Tr>
              <Th>{t('verify.address')}</Th>
              <Th>{t('verify.device')}</Th>
              <Th>{t('verify.driver')}</Th>
            </Tr>
          </Thead>
          <Tbody>
            {devices.map((device) => (
              <Tr key={device.address}>
                <Td dataLabel={t('verify.address')}>
                  <code>{device.address}</code>
                </Td>
                <Td dataLabel={t('verify.device')}>{nameOf(device)}</Td>
                <Td dataLabel={t('verify.driver')}>
                  <Label isCompact color={device.driver?.startsWith('vfio') === true ? 'green' : 'orange'}>
                    {device.driver ?? t('detail.noDriver')}
                  </Label>
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
      {vendor !== undefined && (
        <Content component="p">
          {t('verify.terminal')} <code>lspci -nnk -d {vendor}:</code>
        </Content>
      )}
    </>
  );
}
