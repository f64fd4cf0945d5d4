// Owns asking for what a machine does not share: huge pages, cores of its own.
// Must not say whether there are enough; the start check does, with the number that is short.
import { Checkbox, Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useSentences } from '../../ui/sentences.tsx';
import { Field } from './field.tsx';
import { memoryPages } from './form.ts';
import { SelectField } from './select-field.tsx';
import type { StepProps } from './step-props.ts';

export function PagesField({ form, world, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const say = useSentences();
  const here = world.computer?.checks.find(({ id }) => id === 'hugepages')?.message;
  return (
    <SelectField
      id="pages"
      label={t('options.pagesLabel')}
      problems={problems}
      field="pages"
      help={
        <>
          {t('options.pagesHelp')}
          {here !== undefined && <> {say(here)}</>}
        </>
      }
      value={form.options.pages}
      options={memoryPages.map((pages) => ({ value: pages, label: t(`options.pages.${pages}`) }))}
      onChange={(pages) => change({ section: 'options', to: { pages } })}
    />
  );
}

export function OwnCoresField({ form, change, problems }: StepProps) {
  const { t } = useTranslation(['create', 'scheduling']);
  return (
    <Field id="own-cores" label={t('dedicated', { ns: 'scheduling' })} problems={problems} field="ownCores" role="group">
      <Checkbox
        id="own-cores"
        label={t('schedule', { ns: 'scheduling' })}
        description={
          <>
            {t('onlyOn', { ns: 'scheduling' })}{' '}
            <Label isCompact color="blue">
              cpumanager=true
            </Label>
          </>
        }
        isChecked={form.options.ownCores}
        onChange={(_event, ownCores) => change({ section: 'options', to: { ownCores } })}
      />
    </Field>
  );
}
