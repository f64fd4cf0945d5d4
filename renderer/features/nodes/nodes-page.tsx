// Owns the page of nodes: this computer as a place for machines, and how it is parted.
// Must not place or move machines.
import {
  Alert,
  Button,
  Card,
  CardBody,
  CardTitle,
  Content,
  Flex,
  FlexItem,
  PageSection,
  Skeleton,
  Stack,
  StackItem,
  Title,
} from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useList } from '../../client/hooks.ts';
import { useIsComputer } from '../../client/context.tsx';
import { useSettings } from '../../client/settings.ts';
import { ClusterNodeCard } from './cluster-node-card.tsx';
import { NodeCard } from './node-card.tsx';
import { nodeView } from './node-view.ts';
import { PlacementDialog } from './placement-dialog.tsx';
import { ProcessorMap } from './processor-map.tsx';
import { useNodeMap } from './use-node-map.ts';

export function NodesPage() {
  const { t } = useTranslation('nodes');
  const { phase, items, error } = useList('nodes');
  const map = useNodeMap().value;
  const isComputer = useIsComputer();
  const placement = useSettings().spec?.placement;
  const [isParting, setParting] = useState(false);
  const rows = useMemo(
    () =>
      items.map((node) => {
        const mapped = map?.nodes.find(({ name }) => name === node.metadata.name);
        return { node, mapped, view: nodeView(node, mapped) };
      }),
    [items, map],
  );
  const outside = map?.outside ?? [];
  return (
    <PageSection isFilled>
      <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }} alignItems={{ default: 'alignItemsFlexStart' }}>
        <FlexItem>
          <Title headingLevel="h1">{t('title')}</Title>
          <Content component="p" className="vd-page-title vd-subtle">
            {isComputer ? t('note') : t('noteCluster')}
          </Content>
        </FlexItem>
        <FlexItem>
          {isComputer && (
            <Button variant="secondary" onClick={() => setParting(true)}>
              {t('part.open')}
            </Button>
          )}
        </FlexItem>
      </Flex>
      {phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('failed')}>
          {error?.message}
        </Alert>
      )}
      {phase === 'loading' && <Skeleton height="20rem" screenreaderText={t('loading', { ns: 'words' })} />}
      <Stack hasGutter>
        {rows.map(({ node, mapped, view }) => (
          <StackItem key={view.name}>
            {isComputer ? <NodeCard node={node} mapped={mapped} view={view} /> : <ClusterNodeCard view={view} />}
          </StackItem>
        ))}
        {outside.length > 0 && (
          <StackItem>
            <Card component="section" aria-labelledby="outside">
              <CardTitle component="h2" id="outside">
                {t('outside')}
              </CardTitle>
              <CardBody>
                <ProcessorMap id="outside-map" label={t('outside')} processors={outside} />
              </CardBody>
            </Card>
          </StackItem>
        )}
      </Stack>
      {isParting && <PlacementDialog placement={placement} now={map} onClose={() => setParting(false)} />}
    </PageSection>
  );
}
