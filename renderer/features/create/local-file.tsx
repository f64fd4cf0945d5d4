// Owns choosing a file of this computer: path, folder browser, and what the core says of it.
// Must not read files; the core inspects.
import { Button, InputGroup, InputGroupItem, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FolderBrowser } from './folder-browser.tsx';
import { Field, notesId, stateOf } from './field.tsx';
import { IntoView } from './into-view.tsx';
import { InspectionReport } from './inspection-report.tsx';
import type { StepProps } from './step-props.ts';
import { useInspection } from './use-inspection.ts';

export function LocalFile({ form, world, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const [browsing, setBrowsing] = useState(false);
  const { path, inspection } = form.system;
  const inspecting = useInspection(path, inspection, (found) => change({ section: 'system', to: { inspection: found } }));
  const setPath = (next: string): void => change({ section: 'system', to: { path: next.trim() } });
  return (
    <>
      <Field
        id="system-path"
        label={t(form.system.source === 'windows' ? 'system.windows.path' : 'system.file.path')}
        problems={problems}
        field="path"
        isRequired
      >
        <InputGroup>
          <InputGroupItem isFill>
            <TextInput
              id="system-path"
              value={path}
              validated={stateOf(problems, 'path')}
              aria-describedby={notesId('system-path')}
              placeholder="/home/me/Downloads/image.iso"
              spellCheck={false}
              onChange={(_event, next) => setPath(next)}
            />
          </InputGroupItem>
          <InputGroupItem>
            <Button variant="control" aria-expanded={browsing} onClick={() => setBrowsing((last) => !last)}>
              {t('system.file.browse')}
            </Button>
          </InputGroupItem>
        </InputGroup>
        <InspectionReport state={inspecting} inspection={inspection?.path === path ? inspection : undefined} />
      </Field>
      {browsing && (
        <IntoView>
          <FolderBrowser
            start={startFolder(path, world.computer?.user.home)}
            onChoose={(chosen) => {
              setPath(chosen);
              setBrowsing(false);
            }}
          />
        </IntoView>
      )}
    </>
  );
}

function startFolder(path: string, home: string | undefined): string {
  const slash = path.lastIndexOf('/');
  return slash > 0 ? path.slice(0, slash) : (home ?? '/');
}
