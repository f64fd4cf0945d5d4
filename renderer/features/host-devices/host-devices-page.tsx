// Owns the page of this computer's devices: whether it can pass them through, its groups as a map, USB, and what was changed for it.
// Must not change anything; the guide does.
import '../../ui/device-groups.css';
import './host-devices.css';
import {
  Button,
  Card,
  CardBody,
  CardTitle,
  Content,
  EmptyState,
  EmptyStateBody,
  Flex,
  FlexItem,
  PageSection,
  Skeleton,
  Title,
} from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useDeviceTrials, useHostDevices } from '../../client/device-hooks.ts';
import { AllowedCard } from './allowed-card.tsx';
import { AllowingProvider } from './allowing.tsx';
import { ChangesCard } from './changes-card.tsx';
import { DeviceToolbar } from './device-toolbar.tsx';
import { groupViews, isShown, noFilter } from '../../ui/device-groups.ts';
import { GroupCard } from './group-card.tsx';
import { MdevCard } from './mdev-card.tsx';
import { ReadinessList } from './readiness-list.tsx';
import { UsbTable } from './usb-table.tsx';
import { functionView } from './virtual-function.ts';

export function HostDevicesPage() {
  const { t } = useTranslation('devices');
  const report = useHostDevices();
  const trials = useDeviceTrials();
  const [filter, setFilter] = useState(noFilter);
  const [, navigate] = useLocation();
  const views = useMemo(() => (report === undefined ? [] : groupViews(report, trials ?? [])), [report, trials]);
  const shown = views.filter((view) => isShown(view, filter));
  return (
    <PageSection isFilled>
      <Flex
        className="vd-devices-head"
        justifyContent={{ default: 'justifyContentSpaceBetween' }}
        alignItems={{ default: 'alignItemsFlexStart' }}
      >
        <FlexItem>
          <Title headingLevel="h1">{t('title')}</Title>
          <Content component="p" className="vd-page-title vd-subtle">
            {t('intro')}
          </Content>
        </FlexItem>
        <Flex spaceItems={{ default: 'spaceItemsSm' }}>
          <Button variant="secondary" onClick={() => navigate('/host-devices/guide')}>
            {t('openGuide')}
          </Button>
          <Button variant="secondary" onClick={() => navigate('/host-devices/card')}>
            {t('openCard')}
          </Button>
        </Flex>
      </Flex>
      {report === undefined ? (
        <Skeleton height="20rem" screenreaderText={t('loading', { ns: 'words' })} />
      ) : (
        <AllowingProvider report={report}>
          <div className="vd-devices">
            <Card component="section" aria-labelledby="ready">
              <CardTitle component="h2" id="ready">
                {t('ready.title')}
              </CardTitle>
              <CardBody>
                <ReadinessList checks={report.checks} />
              </CardBody>
            </Card>
            <ChangesCard />
            <AllowedCard report={report} />
            {report.mdevParents.length > 0 && <MdevCard report={report} />}
            <section aria-labelledby="groups">
              <Title headingLevel="h2" id="groups">
                {t('groups')}
              </Title>
              <DeviceToolbar filter={filter} shown={shown.length} onChange={setFilter} />
              {shown.length === 0 ? (
                <EmptyState variant="xs" titleText={t('filter.none')} headingLevel="h3">
                  <EmptyStateBody>
                    <Button variant="link" onClick={() => setFilter(noFilter)}>
                      {t('filter.clear')}
                    </Button>
                  </EmptyStateBody>
                </EmptyState>
              ) : (
                <div className="vd-group-map">
                  {shown.map((view) => (
                    <GroupCard
                      key={view.group.id}
                      view={view}
                      functionOf={(device) => functionView(report, device)}
                      onPrepare={() => navigate(`/host-devices/guide/${view.group.id}`)}
                    />
                  ))}
                </div>
              )}
            </section>
            {report.usb.length > 0 && (
              <section aria-labelledby="usb">
                <Title headingLevel="h2" id="usb">
                  {t('usb.title')}
                </Title>
                <Content component="p" className="vd-subtle">
                  {t('usb.note')}
                </Content>
                <UsbTable devices={report.usb} />
              </section>
            )}
          </div>
        </AllowingProvider>
      )}
    </PageSection>
  );
}
