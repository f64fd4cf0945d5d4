// Owns one revision in full: what was there before and after, side by side.
// Must not undo.
import { Skeleton } from '@patternfly/react-core';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';
import type { DraftObject } from '../../../electron/api/object.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { useDarkTheme } from '../../ui/dark-theme.ts';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { YamlDiff } from '../../ui/yaml-editor/yaml-diff.tsx';

export function RevisionDiff({ id }: { readonly id: string }) {
  const { t } = useTranslation(['history', 'words', 'yaml']);
  const client = useClient();
  const dark = useDarkTheme();
  const load = useCallback((signal: AbortSignal) => client.revision(id, signal), [client, id]);
  const loaded = useLoaded(load);
  const { value } = loaded;
  if (loaded.phase === 'failed') return <FormFailure title={t('history:failed')} failure={failureOf(loaded.error)} />;
  if (value === undefined) return <Skeleton height="8rem" screenreaderText={t('words:loading')} />;
  return (
    <>
      <div className="vd-yaml-sides">
        <strong>{t('history:before')}</strong>
        <strong>{t('history:after')}</strong>
      </div>
      <YamlDiff
        left={{ text: yamlOf(value.before), label: t('history:before') }}
        right={{ text: yamlOf(value.after), label: t('history:after') }}
        dark={dark}
        phrases={t('yaml:phrases', { returnObjects: true })}
      />
    </>
  );
}

/** Nothing was there before a creation, nothing is there after a deletion. */
function yamlOf(definition: DraftObject | undefined): string {
  return definition === undefined ? '' : stringify(definition, { lineWidth: 0 });
}
