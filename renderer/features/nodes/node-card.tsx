// Owns one node: how full it is, what runs on it, what it has and what it says of itself.
// Must not change it; its actions do.
import {
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  DescriptionList,
  Grid,
  GridItem,
  Label,
  Progress,
  ProgressMeasureLocation,
} from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { MappedNode } from '../../../electron/api/node-map.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import { MemoryBar } from './memory-bar.tsx';
import { NodeActions } from './node-actions.tsx';
import { NodeMachines } from './node-machines.tsx';
import { Amounts, Conditions, Entry, Labels, Names } from './node-parts.tsx';
import type { NodeView, Promised } from './node-view.ts';
import { ProcessorMap } from './processor-map.tsx';

export interface NodeCardProps {
  readonly node: Node;
  readonly view: NodeView;
  /** Undefined until the map has come. */
  readonly mapped: MappedNode | undefined;
}

export function NodeCard({ node, view, mapped }: NodeCardProps) {
  const { t } = useTranslation('nodes');
  const formats = useFormats();
  const { name, isReady, isSchedulable, cpus, memoryMiB } = view;
  const memoryText = (value: number): string => formats.mebibytes(value);
  return (
    <Card component="section" aria-labelledby={`node-${name}`}>
      <CardHeader actions={{ actions: <NodeActions node={node} numaNodes={mapped?.memory.numaNodes ?? []} />, hasNoOffset: true }}>
        <CardTitle component="h2" id={`node-${name}`}>
          {name} <Label color={isReady ? 'green' : 'red'}>{t(isReady ? 'ready' : 'notReady')}</Label>{' '}
          {!isSchedulable && <Label color="orange">{t('cordoned')}</Label>}
        </CardTitle>
      </CardHeader>
      <CardBody>
        <Grid hasGutter>
          <GridItem span={12} md={6}>
            <Share title={t('cpus')} share={cpus} text={String} />
          </GridItem>
          <GridItem span={12} md={6}>
            <Share title={t('memory')} share={memoryMiB} text={memoryText} />
          </GridItem>
          {mapped !== undefined && (
            <>
              <GridItem span={12}>
                <ProcessorMap id={`map-${name}`} label={t('map.of', { name })} processors={mapped.processors} />
              </GridItem>
              <GridItem span={12}>
                <MemoryBar memory={mapped.memory} />
              </GridItem>
            </>
          )}
          <GridItem span={12}>
            <NodeMachines machines={view.machines} />
          </GridItem>
          <GridItem span={12}>
            <NodeFacts view={view} />
          </GridItem>
          <GridItem span={12} lg={6}>
            <Amounts node={view} />
          </GridItem>
          <GridItem span={12} lg={6}>
            <Conditions node={view} />
          </GridItem>
          <GridItem span={12}>
            <Names texts={view.factLabels} label={t('factLabels', { count: view.factLabels.length })} />
            <Names texts={view.cpuModels} label={t('models', { count: view.cpuModels.length })} />
            <Names texts={view.cpuFeatures} label={t('features', { count: view.cpuFeatures.length })} />
          </GridItem>
        </Grid>
      </CardBody>
    </Card>
  );
}

function NodeFacts({ view }: { readonly view: NodeView }) {
  const { t } = useTranslation('nodes');
  return (
    <DescriptionList isHorizontal isCompact>
      <Entry term={t('accelerator')}>{view.accelerator === 'kvm' ? 'KVM' : t('emulation')}</Entry>
      <Entry term={t('architecture')}>{view.architecture}</Entry>
      <Entry term={t('taints')}>
        {view.taints.length === 0 ? t('none', { ns: 'words' }) : <Labels names={view.taints} label={t('taints')} />}
      </Entry>
      <Entry term={t('labels')}>
        {view.labels.length === 0 ? t('none', { ns: 'words' }) : <Labels names={view.labels} label={t('labels')} />}
      </Entry>
    </DescriptionList>
  );
}

function Share({ title, share, text }: { readonly title: string; readonly share: Promised; readonly text: (value: number) => string }) {
  const { t } = useTranslation('nodes');
  const { promised, allocatable } = share;
  const percent = allocatable === 0 ? 0 : (promised / allocatable) * 100;
  return (
    <Progress
      title={title}
      value={Math.min(100, percent)}
      label={t('promised', { promised: text(promised), total: text(allocatable) })}
      valueText={t('promised', { promised: text(promised), total: text(allocatable) })}
      measureLocation={ProgressMeasureLocation.outside}
      variant={percent > 100 ? 'warning' : undefined}
    />
  );
}
