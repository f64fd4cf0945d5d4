// Owns one quota: a bar for each resource, and its YAML on request.
// Must not compute amounts; quota-view.ts does.
import {
  Button,
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
import { PencilAltIcon } from '@patternfly/react-icons/dist/esm/icons/pencil-alt-icon';
import { TrashIcon } from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import { type ComponentType, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import { useAmountText } from '../../ui/amount-text.ts';
import { DeleteLimitDialog } from './delete-limit-dialog.tsx';
import { QuotaDialog } from './quota-dialog.tsx';
import { quotaView } from './quota-view.ts';

export type QuotaEditor = ComponentType<{ readonly quota: ResourceQuota }>;

export function QuotaCard({ quota, editor: Editor }: { readonly quota: ResourceQuota; readonly editor: QuotaEditor }) {
  const { t } = useTranslation('quotas');
  const { id, namespace, name, shares, scopes } = quotaView(quota);
  const [isOpen, setOpen] = useState(false);
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const text = useAmountText();
  const share = (resource: string, { used, hard }: Readonly<Record<'used' | 'hard', string>>): string =>
    t('share', { used: text(resource, used), hard: text(resource, hard) });
  const actions = (
    <>
      <Label variant="outline">{t('project', { name: namespace })}</Label>
      <Button variant="plain" icon={<PencilAltIcon />} aria-label={t('form.editQuota', { name })} onClick={() => setEditing(true)} />
      <Button variant="plain" icon={<TrashIcon />} aria-label={t('form.delete', { name })} onClick={() => setDeleting(true)} />
    </>
  );
  return (
    <Card component="section" aria-labelledby={`quota-${id}`}>
      <CardHeader actions={{ actions, hasNoOffset: true }}>
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
                label={share(resource, { used, hard })}
                valueText={share(resource, { used, hard })}
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
      {deleting && <DeleteLimitDialog resource="resourcequotas" namespace={namespace} name={name} onClose={() => setDeleting(false)} />}
      {editing && <QuotaDialog quota={quota} onClose={() => setEditing(false)} />}
    </Card>
  );
}
