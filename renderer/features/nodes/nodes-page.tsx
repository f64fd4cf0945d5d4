// Owns the page of nodes: this computer as a place for machines.
// Must not place or move machines.
import { Alert, Content, PageSection, Skeleton, Stack, StackItem, Title } from '@patternfly/react-core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useList } from '../../client/hooks.ts';
import { NodeCard } from './node-card.tsx';
import { nodeView } from './node-view.ts';

export function NodesPage() {
  const { t } = useTranslation('nodes');
  const { phase, items, error } = useList('nodes');
  const vmis = useList('virtualmachineinstances.kubevirt.io').items;
  const nodes = useMemo(() => items.map((node) => nodeView(node, vmis)), [items, vmis]);
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t('title')}</Title>
      <Content component="p" className="vd-page-title vd-subtle">
        {t('note')}
      </Content>
      {phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('failed')}>
          {error?.message}
        </Alert>
      )}
      {phase === 'loading' && <Skeleton height="20rem" screenreaderText={t('loading', { ns: 'words' })} />}
      <Stack hasGutter>
        {nodes.map((node) => (
          <StackItem key={node.name}>
            <NodeCard node={node} />
          </StackItem>
        ))}
      </Stack>
    </PageSection>
  );
}
