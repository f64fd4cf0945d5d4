// Owns the overview of a machine: what it shows, what it is, what it uses, what happened.
// Must not let a card change its height when data arrives.
import { DescriptionList, Grid, GridItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { ConditionsCard, MigrationCard } from './cluster-cards.tsx';
import { Row } from './detail-row.tsx';
import type { MachineView } from './machine-view.ts';
import { PortForwards } from './port-forward-list.tsx';
import { ScreenshotCard } from './screenshot-card.tsx';
import { TitledCard } from '../../ui/titled-card.tsx';
import { UtilisationCard } from './utilisation-card.tsx';

export function OverviewTab({ machine, activity }: { readonly machine: MachineView; readonly activity: ReactNode }) {
  const { t } = useTranslation('machines');
  const isComputer = useIsComputer();
  return (
    <Grid hasGutter>
      <GridItem span={12} lg={5}>
        <TitledCard title={t('overview.screen')}>
          <ScreenshotCard machine={machine} />
        </TitledCard>
      </GridItem>
      <GridItem span={12} lg={7}>
        <TitledCard title={t('overview.details')}>
          <Details machine={machine} />
        </TitledCard>
      </GridItem>
      {isComputer && (
        <GridItem span={12}>
          <TitledCard title={t('overview.utilisation')}>
            <UtilisationCard machine={machine} />
          </TitledCard>
        </GridItem>
      )}
      {!isComputer && (
        <>
          <GridItem span={12} lg={5}>
            <MigrationCard machine={machine} />
          </GridItem>
          <GridItem span={12} lg={7}>
            <ConditionsCard machine={machine} />
          </GridItem>
        </>
      )}
      <GridItem span={12}>
        <TitledCard title={t('overview.activity')}>{activity}</TitledCard>
      </GridItem>
    </Grid>
  );
}

function Details({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const formats = useFormats();
  const isComputer = useIsComputer();
  const { size, addresses, node, labels, vmi } = machine;
  const guest = vmi?.status?.guestOSInfo;
  return (
    <DescriptionList isHorizontal isCompact columnModifier={{ default: '1Col', '2xl': '2Col' }}>
      <Row term={t('detail.cpu')}>{t('detail.cpuValue', { count: size.vcpus })}</Row>
      <Row term={t('detail.memory')}>{size.memoryMiB === undefined ? undefined : formats.mebibytes(size.memoryMiB)}</Row>
      <Row term={t('detail.system')}>{guest?.prettyName ?? guest?.name}</Row>
      <Row term={t('detail.addresses')}>{addresses.join(', ')}</Row>
      {isComputer && (
        <Row term={t('detail.forwards')}>
          <PortForwards machine={machine} />
        </Row>
      )}
      <Row term={t('column.node')}>{node}</Row>
      <Row term={t('column.labels')}>{labels.join(', ')}</Row>
    </DescriptionList>
  );
}
