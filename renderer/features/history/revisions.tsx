// Owns the changes of one object, or of all.
// Must not know the page it stands on.
import { Skeleton } from '@patternfly/react-core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RevisionQuery } from '../../../electron/api/revision.ts';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { RevisionList } from './revision-list.tsx';
import { revisionRow } from './revision-row.ts';
import { useRevisions } from './use-revisions.ts';

/** A screenful many times over. */
const shownAtOnce = 100;

export function Revisions({ resource, namespace, name }: Pick<RevisionQuery, 'resource' | 'namespace' | 'name'>) {
  const { t } = useTranslation(['history', 'words']);
  const loaded = useRevisions({ resource, namespace, name, limit: shownAtOnce });
  const { value } = loaded;
  const rows = useMemo(() => (value ?? []).map(revisionRow), [value]);
  if (loaded.phase === 'failed') return <FormFailure title={t('history:failed')} failure={failureOf(loaded.error)} />;
  if (value === undefined) return <Skeleton height="16rem" screenreaderText={t('words:loading')} />;
  return <RevisionList rows={rows} showObject={name === undefined} />;
}
