// Owns one node of a cluster: what it has, what it says of itself and which machines run on it; only to be looked at.
// Must not count what the cluster has promised: only its scheduler knows.
import { Card, CardBody, CardTitle, DescriptionList, Grid, GridItem, Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useList } from '../../client/hooks.ts';
import { Amounts, Conditions, Entry, Labels, Names } from './node-parts.tsx';
import type { NodeView } from './node-view.ts';

export function ClusterNodeCard({ view }: { readonly view: NodeView }) {
  const { t } = useTranslation('nodes');
  const { name, isReady, isSchedulable, taints, labels, factLabels, cpuModels, cpuFeatures } = view;
  const machines = useList('virtualmachineinstances.kubevirt.io').items.filter(({ status }) => status?.nodeName === name);
  return (
    <Card component="section" aria-labelledby={`node-${name}`}>
      <CardTitle component="h2" id={`node-${name}`}>
        {name} <Label color={isReady ? 'green' : 'red'}>{t(isReady ? 'ready' : 'notReady')}</Label>{' '}
        {!isSchedulable && <Label color="orange">{t('cordoned')}</Label>}
      </CardTitle>
      <CardBody>
        <Grid hasGutter>
          <GridItem span={12}>
            <DescriptionList isHorizontal isCompact>
              <Entry term={t('machines')}>
                {machines.length === 0
                  ? t('none', { ns: 'words' })
                  : machines.map(({ metadata }) => (
                      <Link
                        key={metadata.uid}
                        href={`/machines/${encodeURIComponent(metadata.namespace ?? '')}/${encodeURIComponent(metadata.name)}`}
                        className="vd-listed"
                      >
                        {metadata.name}
                      </Link>
                    ))}
              </Entry>
              <Entry term={t('architecture')}>{view.architecture}</Entry>
              <Entry term={t('taints')}>
                {taints.length === 0 ? t('none', { ns: 'words' }) : <Labels names={taints} label={t('taints')} />}
              </Entry>
            </DescriptionList>
          </GridItem>
          <GridItem span={12} lg={6}>
            <Amounts node={view} />
          </GridItem>
          <GridItem span={12} lg={6}>
            <Conditions node={view} />
          </GridItem>
          <GridItem span={12}>
            <Names texts={labels} label={t('ownLabels', { count: labels.length })} />
            <Names texts={factLabels} label={t('factLabels', { count: factLabels.length })} />
            <Names texts={cpuModels} label={t('models', { count: cpuModels.length })} />
            <Names texts={cpuFeatures} label={t('features', { count: cpuFeatures.length })} />
          </GridItem>
        </Grid>
      </CardBody>
    </Card>
  );
}
