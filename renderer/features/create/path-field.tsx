// Owns a path of this computer as a field: typed, or found by walking through its folders.
// Must not read what is there; the core inspects.
import { Button, InputGroup, InputGroupItem, TextInput } from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FolderBrowser } from './folder-browser.tsx';
import { Field, type FieldProps, notesId, stateOf } from './field.tsx';
import { IntoView } from './into-view.tsx';

export interface PathFieldProps extends Pick<FieldProps, 'id' | 'label' | 'problems' | 'field'> {
  readonly chooses: 'file' | 'folder';
  readonly path: string;
  /** Where the walk begins while nothing is typed. */
  readonly home: string | undefined;
  readonly placeholder: string;
  readonly onChange: (path: string) => void;
  /** What is known of it, under the field. */
  readonly children?: ReactNode;
}

export function PathField({ chooses, path, home = '/', placeholder, onChange, children, ...field }: PathFieldProps) {
  const { t } = useTranslation('create');
  const [browsing, setBrowsing] = useState(false);
  const { id, problems } = field;
  return (
    <>
      <Field {...field} isRequired>
        <InputGroup>
          <InputGroupItem isFill>
            <TextInput
              id={id}
              value={path}
              validated={stateOf(problems, field.field)}
              aria-describedby={notesId(id)}
              placeholder={placeholder}
              spellCheck={false}
              onChange={(_event, next) => onChange(next.trim())}
            />
          </InputGroupItem>
          <InputGroupItem>
            <Button variant="control" aria-expanded={browsing} onClick={() => setBrowsing((last) => !last)}>
              {t('system.file.browse')}
            </Button>
          </InputGroupItem>
        </InputGroup>
        {children}
      </Field>
      {browsing && (
        <IntoView>
          <FolderBrowser
            chooses={chooses}
            start={startFolder(path, chooses) ?? home}
            onChoose={(chosen) => {
              onChange(chosen);
              setBrowsing(false);
            }}
          />
        </IntoView>
      )}
    </>
  );
}

function startFolder(path: string, chooses: PathFieldProps['chooses']): string | undefined {
  const folder = chooses === 'folder' ? path : path.slice(0, path.lastIndexOf('/'));
  return folder.startsWith('/') ? folder : undefined;
}
