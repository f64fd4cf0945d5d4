// Owns the page of one machine: header, what needs the user, tabs.
// Must not know what the tabs of other features contain; they come in as slots.
import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  PageSection,
  Skeleton,
  Tab,
  Tabs,
  TabTitleText,
} from '@patternfly/react-core';
import { type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useIsComputer } from '../../client/context.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { useAddress } from '../../ui/use-address.ts';
import { CommandTab } from './command-tab.tsx';
import { DetailsTab } from './details-tab.tsx';
import { DisksTab } from './disks-tab.tsx';
import { MachineAlerts } from './machine-alerts.tsx';
import { MachineHeader } from './machine-header.tsx';
import { machinePath, type MachineTab, machineTabs, tabOf } from './machine-path.ts';
import type { MachineView } from './machine-view.ts';
import { NetworkTab } from './network-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { SnapshotsTab } from './snapshots-tab.tsx';
import { useMachine } from './use-machines.ts';

/** What other features show about a machine. */
export interface MachineSlots {
  readonly console: (machine: MachineView) => ReactNode;
  readonly yaml: (machine: MachineView) => ReactNode;
  readonly events: (machine: MachineView) => ReactNode;
  /** The latest events, for the overview. */
  readonly activity: (machine: MachineView) => ReactNode;
}

export interface MachinePageProps {
  readonly namespace: string;
  readonly name: string;
  readonly tab: string | undefined;
  readonly slots: MachineSlots;
}

export function MachinePage({ namespace, name, tab, slots }: MachinePageProps) {
  const { t } = useTranslation('machines');
  const { phase, machine, error } = useMachine(namespace, name);
  if (machine !== undefined) return <Loaded machine={machine} tab={tabOf(tab)} slots={slots} />;
  return (
    <PageSection isFilled>
      {phase === 'loading' && <Skeleton width="40%" fontSize="2xl" screenreaderText={t('loading', { ns: 'words' })} />}
      {phase === 'failed' && <FormFailure title={t('failed.list')} failure={failureOf(error)} />}
      {phase === 'missing' && <Missing name={name} />}
    </PageSection>
  );
}

/** What only a workstation can tell. */
const ownTabs: ReadonlySet<MachineTab> = new Set(['command']);

function Loaded({ machine, tab, slots }: { readonly machine: MachineView; readonly tab: MachineTab; readonly slots: MachineSlots }) {
  const { t } = useTranslation('machines');
  const [, navigate] = useLocation();
  const address = useAddress();
  const isComputer = useIsComputer();
  const { namespace, name } = machine;
  return (
    <>
      <PageSection>
        <MachineHeader machine={machine} />
        <MachineAlerts machine={machine} />
      </PageSection>
      <PageSection type="tabs">
        <Tabs
          activeKey={tab}
          usePageInsets
          onSelect={(_event, key) => navigate(machinePath({ namespace, name, tab: tabOf(String(key)) }))}
          aria-label={t('page.tabs')}
          component="nav"
        >
          {machineTabs
            .filter((id) => isComputer || !ownTabs.has(id))
            .map((id) => (
              <Tab
                key={id}
                eventKey={id}
                title={<TabTitleText>{t(`tab.${id}`)}</TabTitleText>}
                href={address(machinePath({ namespace, name, tab: id }))}
                tabContentId="machine-tab"
              />
            ))}
        </Tabs>
      </PageSection>
      <PageSection isFilled id="machine-tab" className={tab === 'console' || tab === 'yaml' ? 'vd-fill' : undefined}>
        <Suspense fallback={<Skeleton height="12rem" screenreaderText={t('loading', { ns: 'words' })} />}>
          <TabBody machine={machine} tab={tab} slots={slots} />
        </Suspense>
      </PageSection>
    </>
  );
}

function TabBody({ machine, tab, slots }: { readonly machine: MachineView; readonly tab: MachineTab; readonly slots: MachineSlots }) {
  switch (tab) {
    case 'overview':
      return <OverviewTab machine={machine} activity={slots.activity(machine)} />;
    case 'details':
      return <DetailsTab machine={machine} />;
    case 'disks':
      return <DisksTab machine={machine} />;
    case 'snapshots':
      return <SnapshotsTab machine={machine} />;
    case 'network':
      return <NetworkTab machine={machine} />;
    case 'command':
      return <CommandTab machine={machine} />;
    case 'yaml':
      return slots.yaml(machine);
    case 'events':
      return slots.events(machine);
    case 'console':
      return slots.console(machine);
  }
}

function Missing({ name }: { readonly name: string }) {
  const { t } = useTranslation('machines');
  const [, navigate] = useLocation();
  return (
    <EmptyState titleText={t('page.missingTitle', { name })} headingLevel="h1" status="info">
      <EmptyStateBody>{t('page.missingBody')}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={() => navigate('/machines')}>{t('page.back')}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
