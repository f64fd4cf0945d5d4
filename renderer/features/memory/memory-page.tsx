// Owns the page of memory: how short this computer is, who has what of it, and who would be ended first and why.
// Must not take or give memory; the core does.
import { Content, Grid, GridItem, PageSection, Skeleton, Title } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { MemoryOfComputer } from '../../../electron/api/memory.ts';
import { TitledCard } from '../../ui/titled-card.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { ComputerMemory } from './computer-memory.tsx';
import { DensityCard } from './density-card.tsx';
import { KillOrder } from './kill-order.tsx';
import { MergingSwitch } from './merging-switch.tsx';
import { useMemory } from './use-memory.ts';

export function MemoryPage() {
  const { t } = useTranslation('memory');
  const { mebibytes } = useFormats();
  const { last: report, show } = useMemory();
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t('title')}</Title>
      <Content component="p" className="vd-page-title vd-subtle">
        {t('note')}
      </Content>
      {report === undefined ? (
        <Skeleton height="20rem" screenreaderText={t('loading', { ns: 'words' })} />
      ) : (
        <Grid hasGutter>
          <GridItem span={12} lg={7}>
            <TitledCard title={t('computer')}>
              <ComputerMemory {...report} />
            </TitledCard>
          </GridItem>
          <GridItem span={12} lg={5}>
            <TitledCard title={t('merging.title')}>
              <MergingSwitch computer={report.computer} onDone={show} />
            </TitledCard>
          </GridItem>
          <GridItem span={12}>
            <DensityCard />
          </GridItem>
          <GridItem span={12}>
            <TitledCard title={t('order.title')}>
              <Content component="p">
                {t('order.note')} {t(beforeThat(report.computer), { size: mebibytes(report.computer.swapFreeMiB) })}
              </Content>
              <KillOrder machines={report.machines} />
            </TitledCard>
          </GridItem>
        </Grid>
      )}
    </PageSection>
  );
}

/** What happens before somebody is ended. */
function beforeThat({ swapTotalMiB, swapFreeMiB, lowMiB }: MemoryOfComputer) {
  if (swapTotalMiB === 0) return 'order.noSwap';
  return swapFreeMiB < lowMiB ? 'order.swapFull' : 'order.swapFirst';
}
