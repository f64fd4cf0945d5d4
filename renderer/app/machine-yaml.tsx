// Owns the YAML tab: the stored machine, the editor, the schema's help and the API that saves.
// Must not know the editor's inside.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftObject } from '../../electron/api/object.ts';
import { useClient } from '../client/context.tsx';
import { useSchemaBook } from '../features/create/use-schema-book.ts';
import type { MachineView } from '../features/machines/machine-view.ts';
import { useDarkTheme } from '../ui/dark-theme.ts';
import type { YamlWords } from '../ui/yaml-editor/words.ts';
import { YamlDocument } from '../ui/yaml-editor/yaml-document.tsx';

export function MachineYaml({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('yaml');
  const client = useClient();
  const dark = useDarkTheme();
  const book = useSchemaBook();
  const { namespace, name, vm } = machine;
  const save = useCallback(
    (draft: object) => client.update({ resource: 'virtualmachines.kubevirt.io', namespace, name }, draft as DraftObject),
    [client, namespace, name],
  );
  const words = useCallback<YamlWords>((key, values) => t(key, values ?? {}), [t]);
  return (
    <YamlDocument
      object={vm}
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
