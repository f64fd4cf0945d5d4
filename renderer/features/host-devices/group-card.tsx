// Owns one IOMMU group on the map: its verdict, its devices, what each is used for, and the way into the guide.
// Must not bind anything.
import { Button, Card, CardBody, CardHeader, CardTitle, Content, Label } from '@patternfly/react-core';
import { AngleDownIcon, AngleRightIcon } from '@patternfly/react-icons';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PciDevice } from '../../../electron/api/host-devices.ts';
import { type AllowedRow, pciDraft, rowFor } from './allow-list.ts';
import { useAllowing } from './allowing.tsx';
import { DeviceDetails } from './device-details.tsx';
import { InterruptedAlert } from './interrupted-alert.tsx';
import type { FunctionView } from './virtual-function.ts';
import { canBePrepared, type GroupView, mainDevice, nameOf } from '../../ui/device-groups.ts';
import { useHostUseText, VerdictLabel, VerdictText } from '../../ui/verdict-label.tsx';

export interface GroupCardProps {
  readonly view: GroupView;
  readonly functionOf: (device: PciDevice) => FunctionView;
  readonly onPrepare: () => void;
}

export function GroupCard({ view, functionOf, onPrepare }: GroupCardProps) {
  const { t } = useTranslation('devices');
  const main = mainDevice(view);
  const name = main === undefined ? view.group.id : nameOf(main);
  const { trial, isForMachines, group } = view;
  return (
    <Card isCompact component="section" aria-label={`${name}, ${group.id}`} className={`vd-group vd-group-${group.verdict.kind}`}>
      <CardHeader
        actions={{
          hasNoOffset: true,
          actions: (
            <>
              {isForMachines && main !== undefined && <AllowButton device={main} />}
              <Button
                variant="secondary"
                size="sm"
                isAriaDisabled={!canBePrepared(view)}
                aria-label={t('prepareName', { name })}
                onClick={() => canBePrepared(view) && onPrepare()}
              >
                {t('prepare')}
              </Button>
            </>
          ),
        }}
      >
        <CardTitle component="h3">{name}</CardTitle>
      </CardHeader>
      <CardBody>
        <InterruptedAlert view={view} />
        <div className="vd-group-labels">
          <VerdictLabel verdict={group.verdict} />
          {trial?.state === 'trying' && <Label color="purple">{t('trying', { count: trial.secondsLeft ?? 0 })}</Label>}
          {isForMachines && trial?.state !== 'trying' && <Label color="teal">{t('forMachines')}</Label>}
          <Content component="small">
            <VerdictText verdict={group.verdict} />
          </Content>
        </div>
        <ul className="vd-group-devices">
          {view.devices.map((device) => (
            <DeviceRow
              key={device.address}
              device={device}
              functionOf={functionOf}
              isCompanion={group.companions.includes(device.address)}
            />
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

interface DeviceRowProps extends Pick<GroupCardProps, 'functionOf'> {
  readonly device: PciDevice;
  readonly isCompanion: boolean;
}

function DeviceRow({ device, functionOf, isCompanion }: DeviceRowProps) {
  const { t } = useTranslation('devices');
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const allowed = useAllowed(device);
  const useOf = useHostUseText();
  return (
    <li>
      <div className="vd-device">
        <Button
          variant="plain"
          size="sm"
          icon={isOpen ? <AngleDownIcon /> : <AngleRightIcon />}
          aria-label={t('detailsOf', { address: device.address })}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        />
        <code>{device.address}</code>
        <span className="vd-device-name">{nameOf(device)}</span>
        <span className="vd-device-labels">
          <Label isCompact variant="outline">
            {device.driver ?? t('detail.noDriver')}
          </Label>
          {isCompanion && (
            <Label isCompact color="blue">
              {t('companion')}
            </Label>
          )}
          {allowed !== undefined && (
            <Label isCompact color="teal">
              {t('allowedAs', { ns: 'allowed', name: allowed.resourceName })}
            </Label>
          )}
          {device.hostUses.map((use) => (
            <Label key={`${use.kind} ${use.detail}`} isCompact color={use.kind === 'audio' ? 'grey' : 'red'}>
              {useOf(use)}
            </Label>
          ))}
        </span>
      </div>
      <div id={id} className="vd-device-details">
        {isOpen && <DeviceDetails device={device} told={functionOf(device)} />}
      </div>
    </li>
  );
}

function useAllowed(device: PciDevice): AllowedRow | undefined {
  const { rows } = useAllowing();
  return rowFor(rows, pciDraft(device));
}

/** What VFIO has is of no use before a name is given to it. */
function AllowButton({ device }: { readonly device: PciDevice }) {
  const { t } = useTranslation('allowed');
  const { allow } = useAllowing();
  if (useAllowed(device) !== undefined) return undefined;
  return (
    <Button variant="secondary" size="sm" aria-label={t('allowNamed', { name: nameOf(device) })} onClick={() => allow(pciDraft(device))}>
      {t('allow')}
    </Button>
  );
}
