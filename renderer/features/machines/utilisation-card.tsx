// Owns the charts of what a machine uses: processor, memory, disk, network.
// Must not draw when the page is hidden; the stream stops by itself.
import { Grid, GridItem } from '@patternfly/react-core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/formats-context.tsx';
import type { MachineView } from './machine-view.ts';
import { useUsageSeries } from './use-usage-series.ts';
import { utilisationCharts } from './utilisation.ts';

const TimeChart = lazy(() => import('../../ui/time-chart.tsx').then((file) => ({ default: file.TimeChart })));

export function UtilisationCard({ machine }: { readonly machine: MachineView }) {
  const { t, i18n } = useTranslation('machines');
  const formats = useFormats();
  const samples = useUsageSeries(machine.namespace, machine.name);
  if (machine.state.phase !== 'Running') return <p className="vd-subtle">{t('overview.noUsage')}</p>;
  return (
    <Grid hasGutter>
      {utilisationCharts.map((chart) => (
        <GridItem key={chart.id} span={12} md={6} xl2={3}>
          <figure className="vd-chart" aria-label={t(`chart.${chart.id}`)}>
            <figcaption>
              <strong>{t(`chart.${chart.id}`)}</strong>
              {chart.lines.map((line) => (
                <span key={line.id} className={`vd-key vd-key-${line.tone}`}>
                  {t(`chart.${line.id}`)} {figure(line.value(samples.at(-1), machine), formats[chart.text])}
                </span>
              ))}
            </figcaption>
            <Suspense fallback={<div className="vd-chart-place" />}>
              <TimeChart
                times={samples.map(({ at }) => at / 1000)}
                lines={chart.lines.map((line) => ({ tone: line.tone, values: samples.map((sample) => line.value(sample, machine)) }))}
                max={chart.max(machine)}
                text={formats[chart.text]}
                ticks={chart.ticks}
                language={i18n.language}
              />
            </Suspense>
          </figure>
        </GridItem>
      ))}
    </Grid>
  );
}

function figure(value: number | undefined, text: (value: number) => string): string {
  return value === undefined ? '–' : text(value);
}
