// Owns one quota: a bar for each resource, and its YAML on request.
// Must not compute amounts; quota-view.ts does.
import {
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  ExpandableSection,
  Grid,
  GridItem,
  Label,
  Progress,
  ProgressMeasureLocation,
  Skeleton,
} from '@patternfly/react-core';
import { type ComponentType, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import { quotaView } from './quota-view.ts';

export type QuotaEditor = ComponentType<{ readonly quota: ResourceQuota }>;

export function QuotaCard({ quota, editor: Editor }: { readonly quota: ResourceQuota; readonly editor: QuotaEditor }) {
  const { t } = useTranslation('quotas');
  const { id, namespace, name, shares, scopes } = quotaView(quota);
  const [isOpen, setOpen] = useState(false);
  return (
    <Card component="section" aria-labelledby={`quota-${id}`}>
      <CardHeader actions={{ actions: <Label variant="outline">{t('project', { name: namespace })}</Label>, hasNoOffset: true }}>
        <CardTitle component="h2" id={`quota-${id}`}>
          {name}
        </CardTitle>
      </CardHeader>
      <CardBody>
        <Grid hasGutter>
          {shares.map(({ resource, used, hard, percent }) => (
            <GridItem key={resource} span={12} md={6}>
              <Progress
                title={resource}
                value={Math.min(100, percent)}
                label={t('share', { used, hard })}
                valueText={t('share', { used, hard })}
                measureLocation={ProgressMeasureLocation.outside}
                variant={percent >= 100 ? 'warning' : undefined}
              />
            </GridItem>
          ))}
          {scopes.length > 0 && <GridItem span={12}>{t('scopes', { list: scopes.join(', ') })}</GridItem>}
          <GridItem span={12}>
            <ExpandableSection toggleText={t('edit', { name })} isExpanded={isOpen} onToggle={(_event, open) => setOpen(open)} isIndented>
              {isOpen && (
                <Suspense fallback={<Skeleton height="10rem" screenreaderText={t('loading', { ns: 'words' })} />}>
                  <Editor quota={quota} />
                </Suspense>
              )}
            </ExpandableSection>
          </GridItem>
        </Grid>
      </CardBody>
    </Card>
  );
}
