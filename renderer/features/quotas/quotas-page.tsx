// Owns the page of quotas: what each project may take, and what it has taken.
// Must not refuse anything; the core does.
import {
  ActionList,
  ActionListGroup,
  ActionListItem,
  Alert,
  Button,
  Content,
  EmptyState,
  EmptyStateBody,
  PageSection,
  Skeleton,
  Stack,
  StackItem,
  Title,
} from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useProjectList } from '../../client/project.tsx';
import { QuotaCard, type QuotaEditor } from './quota-card.tsx';
import { QuotaDialog } from './quota-dialog.tsx';
import { RangeCard } from './range-card.tsx';
import { RangeDialog } from './range-dialog.tsx';

export function QuotasPage({ editor }: { readonly editor: QuotaEditor }) {
  const { t } = useTranslation('quotas');
  const { phase, items, error } = useProjectList('resourcequotas');
  const ranges = useProjectList('limitranges').items;
  const [dialog, setDialog] = useState<'quota' | 'range'>();
  const close = (): void => setDialog(undefined);
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t('title')}</Title>
      <Content component="p" className="vd-page-title vd-subtle">
        {t('note')} <Link href="/create/yaml">{t('create')}</Link>
      </Content>
      <ActionList className="vd-page-title">
        <ActionListGroup>
          <ActionListItem>
            <Button onClick={() => setDialog('quota')}>{t('form.newQuota')}</Button>
          </ActionListItem>
          <ActionListItem>
            <Button variant="secondary" onClick={() => setDialog('range')}>
              {t('form.newRange')}
            </Button>
          </ActionListItem>
        </ActionListGroup>
      </ActionList>
      {phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('failed')}>
          {error?.message}
        </Alert>
      )}
      {phase === 'loading' && <Skeleton height="20rem" screenreaderText={t('loading', { ns: 'words' })} />}
      {phase === 'ready' && items.length + ranges.length === 0 && (
        <EmptyState headingLevel="h2" titleText={t('emptyTitle')}>
          <EmptyStateBody>{t('emptyBody')}</EmptyStateBody>
        </EmptyState>
      )}
      <Stack hasGutter>
        {items.map((quota) => (
          <StackItem key={`${quota.metadata.namespace}/${quota.metadata.name}`}>
            <QuotaCard quota={quota} editor={editor} />
          </StackItem>
        ))}
        {ranges.map((range) => (
          <StackItem key={`${range.metadata.namespace}/${range.metadata.name}`}>
            <RangeCard range={range} />
          </StackItem>
        ))}
      </Stack>
      {dialog === 'quota' && <QuotaDialog onClose={close} />}
      {dialog === 'range' && <RangeDialog onClose={close} />}
    </PageSection>
  );
}
