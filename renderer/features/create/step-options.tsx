// Owns the sixth step: what most machines never need to change.
// Must not hide anything that stops a machine from starting.
import { Form, Radio, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { FirmwareFields } from '../../ui/firmware-fields.tsx';
import { TpmFields } from '../../ui/tpm-fields.tsx';
import { Field } from './field.tsx';
import { runChoices } from './form.ts';
import type { StepProps } from './step-props.ts';

export function StepOptions({ form, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const { firmware, tpm, run, description } = form.options;
  return (
    <Form isWidthLimited onSubmit={(event) => event.preventDefault()}>
      <Field id="run" label={t('options.run')} problems={problems} field="run" role="radiogroup">
        {runChoices.map((each) => (
          <Radio
            key={each}
            id={`run-${each}`}
            name="run"
            label={t(`options.runs.${each}.title`)}
            description={t(`options.runs.${each}.body`)}
            isChecked={run === each}
            onChange={() => change({ section: 'options', to: { run: each } })}
          />
        ))}
      </Field>
      <FirmwareFields id="firmware" state={firmware} onChange={(to) => change({ section: 'options', to: { firmware: to } })} />
      <TpmFields id="tpm" choice={tpm} onChange={(to) => change({ section: 'options', to: { tpm: to } })} />
      <Field id="description" label={t('options.description')} problems={problems} field="description">
        <TextInput
          id="description"
          value={description}
          onChange={(_event, to) => change({ section: 'options', to: { description: to } })}
        />
      </Field>
    </Form>
  );
}
