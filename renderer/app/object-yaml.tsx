// Owns editing a stored object as YAML: the editor, the schema's help and the API that saves.
// Must not know the editor's inside.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftObject, KubeObject } from '../../electron/api/object.ts';
import { useClient } from '../client/context.tsx';
import type { ResourceTypes } from '../client/resource-table.ts';
import { useSchemaBook } from '../features/create/use-schema-book.ts';
import { useDarkTheme } from '../ui/dark-theme.ts';
import type { YamlWords } from '../ui/yaml-editor/words.ts';
import { YamlDocument } from '../ui/yaml-editor/yaml-document.tsx';

export interface ObjectYamlProps {
  readonly resource: keyof ResourceTypes;
  readonly object: Pick<KubeObject<object>, 'metadata'>;
}

export default function ObjectYaml({ resource, object }: ObjectYamlProps) {
  const { t } = useTranslation('yaml');
  const client = useClient();
  const dark = useDarkTheme();
  const book = useSchemaBook();
  const { namespace, name } = object.metadata;
  const save = useCallback(
    (draft: object) => client.update({ resource, name, ...(namespace === undefined ? {} : { namespace }) }, draft as DraftObject),
    [client, resource, namespace, name],
  );
  const words = useCallback<YamlWords>((key, values) => t(key, values ?? {}), [t]);
  return (
    <YamlDocument
      object={object}
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
