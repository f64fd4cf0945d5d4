// Owns the map of devices that machines may have: by group, with the verdict, what goes along, and who has it.
// Must not judge; the core has.
import './device-groups.css';
import { Button, Card, CardBody, CardHeader, CardTitle, Content, Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { OfferedDevice, OfferedResource } from '../../electron/api/host-devices.ts';
import { nameOf, type OfferMap } from './device-groups.ts';
import { useSentences } from './sentences.tsx';
import { VerdictLabel, VerdictText } from './verdict-label.tsx';

export interface DeviceOffersProps {
  readonly map: OfferMap;
  readonly onAdd: (resourceName: string) => void;
}

export function DeviceOffers({ map, onAdd }: DeviceOffersProps) {
  const { t } = useTranslation('passthrough');
  return (
    <section aria-label={t('offers')} className="vd-group-map">
      {map.resources.map((resource) => (
        <Offer key={resource.name} resource={resource} map={map} onAdd={() => onAdd(resource.name)} />
      ))}
    </section>
  );
}

interface OfferProps {
  readonly resource: OfferedResource;
  readonly map: OfferMap;
  readonly onAdd: () => void;
}

function Offer({ resource: { name, devices, selectors }, map, onAdd }: OfferProps) {
  const { t } = useTranslation('passthrough');
  const kind = devices.map(({ address }) => groupOf(map, address)?.verdict.kind).find((one) => one !== undefined);
  return (
    <Card isCompact component="section" aria-label={name} className={`vd-group ${kind === undefined ? '' : `vd-group-${kind}`}`}>
      <CardHeader
        actions={{
          hasNoOffset: true,
          actions: (
            <Button variant="secondary" size="sm" aria-label={t('addNamed', { name })} onClick={onAdd}>
              {t('add')}
            </Button>
          ),
        }}
      >
        <CardTitle component="h2" className="vd-resource-name">
          {name}
        </CardTitle>
      </CardHeader>
      <CardBody>
        {devices.length === 0 && <Content component="p">{t('missing', { selectors: selectors.join(', ') })}</Content>}
        <ul className="vd-group-devices">
          {devices.map((device) => (
            <li key={device.address}>
              <OfferedGroup device={device} map={map} />
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

function OfferedGroup({ device, map }: { readonly device: OfferedDevice; readonly map: OfferMap }) {
  const sentences = useSentences();
  const group = groupOf(map, device.address);
  const moved = group === undefined ? device.addresses : [...group.addresses, ...group.companions];
  const parts = [...new Set([...device.addresses, ...moved])];
  return (
    <>
      {parts.map((address) => (
        <div key={address} className="vd-device">
          <code>{address}</code>
          <span className="vd-device-name">{labelOf(map, address) ?? (address === device.address ? device.label : undefined)}</span>
        </div>
      ))}
      <div className="vd-group-labels">
        <State device={device} />
        {group !== undefined && <VerdictLabel isCompact verdict={group.verdict} />}
      </div>
      {device.unready !== undefined && <Content component="small">{sentences(device.unready.fix)}</Content>}
      {group !== undefined && group.verdict.kind !== 'safe' && (
        <Content component="small">
          <VerdictText verdict={group.verdict} />
        </Content>
      )}
    </>
  );
}

function State({ device: { unready, usedBy } }: { readonly device: OfferedDevice }) {
  const { t } = useTranslation('passthrough');
  const sentences = useSentences();
  if (unready !== undefined) {
    return (
      <Label isCompact status="warning">
        {sentences(unready.message)}
      </Label>
    );
  }
  return usedBy === undefined ? (
    <Label isCompact status="success">
      {t('free')}
    </Label>
  ) : (
    <Label isCompact>{t('usedBy', { name: usedBy })}</Label>
  );
}

function groupOf({ groups }: OfferMap, address: string): OfferMap['groups'][number] | undefined {
  return groups.find(({ addresses }) => addresses.includes(address));
}

function labelOf({ pci }: OfferMap, address: string): string | undefined {
  const device = pci.find((one) => one.address === address);
  return device === undefined ? undefined : nameOf(device);
}
