// Owns the page of quotas: what each project may take, and what it has taken.
// Must not refuse anything; the core does.
import { Alert, Content, EmptyState, EmptyStateBody, PageSection, Skeleton, Stack, StackItem, Title } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useList } from '../../client/hooks.ts';
import { QuotaCard, type QuotaEditor } from './quota-card.tsx';

export function QuotasPage({ editor }: { readonly editor: QuotaEditor }) {
  const { t } = useTranslation('quotas');
  const { phase, items, error } = useList('resourcequotas');
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t('title')}</Title>
      <Content component="p" className="vd-page-title vd-subtle">
        {t('note')} <Link href="/create/yaml">{t('create')}</Link>
      </Content>
      {phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('failed')}>
          {error?.message}
        </Alert>
      )}
      {phase === 'loading' && <Skeleton height="20rem" screenreaderText={t('loading', { ns: 'words' })} />}
      {phase === 'ready' && items.length === 0 && (
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
      </Stack>
    </PageSection>
  );
}
