// Owns the sixth step: what most machines never need to change.
// Must not hide anything that stops a machine from starting.
import { Form, Radio, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Field } from './field.tsx';
import { firmwares, runChoices } from './form.ts';
import type { StepProps } from './step-props.ts';

export function StepOptions({ form, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const { firmware, run, description } = form.options;
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
      <Field id="firmware" label={t('options.firmware')} problems={problems} field="firmware" role="radiogroup">
        {firmwares.map((each) => (
          <Radio
            key={each}
            id={`firmware-${each}`}
            name="firmware"
            label={t(`options.firmwares.${each}.title`)}
            description={t(`options.firmwares.${each}.body`)}
            isChecked={firmware === each}
            onChange={() => change({ section: 'options', to: { firmware: each } })}
          />
        ))}
      </Field>
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
