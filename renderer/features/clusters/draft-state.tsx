// Owns looking at a cluster before it is added: whether it could be used.
// Must not keep anybody from adding it: it may be down today.
import { Alert, Skeleton } from '@patternfly/react-core';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionSpec } from '../../../electron/api/kinds/connection.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { CauseList } from '../../ui/cause-list.tsx';

export function DraftState({ spec }: { readonly spec: ConnectionSpec }) {
  const { t } = useTranslation('clusters');
  const client = useClient();
  const text = JSON.stringify(spec);
  const report = useLoaded(
    useCallback((signal: AbortSignal) => client.reviewConnection(JSON.parse(text) as ConnectionSpec, signal), [client, text]),
  );
  if (report.phase === 'loading') return <Skeleton height="3rem" screenreaderText={t('state.asking')} />;
  if (report.phase === 'failed') return <Alert component="p" isInline variant="warning" title={report.error.message} />;
  const { usable, causes, version = '', server = '' } = report.value;
  if (usable) return <Alert component="p" isInline variant="success" title={t('state.answers', { server, version })} />;
  return (
    <Alert component="p" isInline variant="warning" title={t('state.unusable')}>
      <CauseList causes={causes.map(({ message, fix }) => ({ message, ...(fix === undefined ? {} : { fix }) }))} />
    </Alert>
  );
}
