// Owns the page of certificates: the chain, rotation by hand, and how long they last.
// Must not decide what is due.
import {
  Alert,
  Button,
  Content,
  EmptyState,
  EmptyStateBody,
  Flex,
  PageSection,
  Skeleton,
  Stack,
  StackItem,
  Title,
} from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { JsonObject } from '../../../electron/api/object.ts';
import { useClient } from '../../client/context.tsx';
import { useObject } from '../../client/hooks.ts';
import { hyperConverged as key } from '../../client/hyper-converged.ts';
import { useNotices } from '../../ui/notices.tsx';
import { TitledCard } from '../../ui/titled-card.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import { Chain } from './chain.tsx';
import { chainView } from './chain-view.ts';
import { DurationsForm } from './durations-form.tsx';
import './certificates.css';

export function CertificatesPage() {
  const { t } = useTranslation('certificates');
  const say = useSentences();
  const client = useClient();
  const { phase, object, error } = useObject(key);
  const report = object?.status?.certificates;
  const authorities = useMemo(() => (report === undefined ? [] : chainView(report)), [report]);
  const degraded = object?.status?.conditions?.find(({ type, status }) => type === 'Degraded' && status === 'True');
  const save = useCallback((patch: JsonObject, dryRun: boolean) => client.patch(key, patch, { dryRun }), [client]);
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t('title')}</Title>
      <Content component="p" className="vd-page-title vd-subtle">
        {t('note')}
      </Content>
      {phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('failed.load')}>
          {error?.message}
        </Alert>
      )}
      {phase === 'loading' && <Skeleton height="20rem" screenreaderText={t('loading', { ns: 'words' })} />}
      {object !== undefined && (
        <Stack hasGutter className="vd-narrow">
          {degraded !== undefined && (
            <StackItem>
              <Alert component="p" isInline variant="warning" title={t('degraded')}>
                {degraded.message !== undefined && say(degraded.message)}
              </Alert>
            </StackItem>
          )}
          <StackItem>
            <TitledCard title={t('chain')} actions={authorities.length === 0 ? undefined : <Rotate />}>
              {authorities.length === 0 ? <Nothing /> : <Chain authorities={authorities} />}
            </TitledCard>
          </StackItem>
          <StackItem>
            <TitledCard title={t('durations.title')}>
              <DurationsForm spec={object.spec} save={save} />
            </TitledCard>
          </StackItem>
        </Stack>
      )}
    </PageSection>
  );
}

function Nothing() {
  const { t } = useTranslation('certificates');
  return (
    <EmptyState headingLevel="h3" titleText={t('empty.title')} variant="sm">
      <EmptyStateBody>
        {t('empty.body')} <Link href="/settings">{t('empty.settings')}</Link>
      </EmptyStateBody>
    </EmptyState>
  );
}

function Rotate() {
  const { t } = useTranslation('certificates');
  const client = useClient();
  const { add, fail } = useNotices();
  const [isBusy, setBusy] = useState(false);
  const rotate = (scope: 'authority' | 'servers'): void => {
    setBusy(true);
    client
      .rotateCertificates(scope)
      .then(
        () => add({ variant: 'success', title: t(`rotated.${scope}`) }),
        (error: unknown) => fail(t('failed.rotate'), error),
      )
      .finally(() => setBusy(false));
  };
  return (
    <Flex spaceItems={{ default: 'spaceItemsSm' }}>
      <Button variant="secondary" isDisabled={isBusy} onClick={() => rotate('servers')}>
        {t('rotate.servers')}
      </Button>
      <Button variant="secondary" isDisabled={isBusy} onClick={() => rotate('authority')}>
        {t('rotate.authority')}
      </Button>
    </Flex>
  );
}
