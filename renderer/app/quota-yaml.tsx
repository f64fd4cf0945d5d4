// Owns editing a quota as YAML.
// Must not know the editor's inside.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResourceQuota } from '../../electron/api/kinds/resource-quota.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { useClient } from '../client/context.tsx';
import { useDarkTheme } from '../ui/dark-theme.ts';
import type { YamlWords } from '../ui/yaml-editor/words.ts';
import { YamlDocument } from '../ui/yaml-editor/yaml-document.tsx';
import { useSchemaBook } from '../features/create/use-schema-book.ts';

export default function QuotaYaml({ quota }: { readonly quota: ResourceQuota }) {
  const { t } = useTranslation('yaml');
  const client = useClient();
  const dark = useDarkTheme();
  const book = useSchemaBook();
  const { namespace = '', name } = quota.metadata;
  const save = useCallback(
    (draft: object) => client.update({ resource: 'resourcequotas', namespace, name }, draft as DraftObject),
    [client, namespace, name],
  );
  const words = useCallback<YamlWords>((key, values) => t(key, values ?? {}), [t]);
  return (
    <YamlDocument
      object={quota}
      save={save}
      label={t('editor', { name })}
      fileName={`${name}.yaml`}
      dark={dark}
      words={words}
      phrases={t('phrases', { returnObjects: true })}
      book={book}
    />
  );
}
