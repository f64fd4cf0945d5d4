// Owns the field of registries that are spoken to without https: one a line.
// Must not decide which are safe; its text says what it means.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { registriesIn } from './registries-in.ts';

interface InsecureRegistriesProps {
  readonly registries: readonly string[] | undefined;
  readonly onChange: (registries: string[]) => void;
}

export function InsecureRegistries({ registries = [], onChange }: InsecureRegistriesProps) {
  const { t } = useTranslation('settings');
  // While somebody types, what he types; otherwise what is stored.
  const [draft, setDraft] = useState<string>();
  const { names, wrong } = registriesIn(draft ?? '');
  const save = (): void => {
    if (draft === undefined || wrong.length > 0) return;
    if (names.join() !== registries.join()) onChange(names);
    setDraft(undefined);
  };
  return (
    <FormGroup fieldId="setting-insecureRegistries" label={t('insecureRegistries.title')}>
      <TextArea
        id="setting-insecureRegistries"
        aria-describedby="setting-insecureRegistries-help"
        rows={2}
        resizeOrientation="vertical"
        placeholder="localhost:5000"
        value={draft ?? registries.join('\n')}
        validated={wrong.length > 0 ? 'error' : 'default'}
        onChange={(_event, text) => setDraft(text)}
        onBlur={save}
      />
      <FormHelperText>
        <HelperText id="setting-insecureRegistries-help">
          <HelperTextItem variant={wrong.length > 0 ? 'error' : 'default'}>
            {wrong.length > 0 ? t('insecureRegistries.wrong', { names: wrong.join(', ') }) : t('insecureRegistries.help')}
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
