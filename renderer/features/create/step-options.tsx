// Owns the sixth step: what most machines never need to change.
// Must not hide anything that stops a machine from starting: what is folded away says what is chosen in it.
import { Form, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import { FirmwareFields, type UefiState } from '../../ui/firmware-fields.tsx';
import { TpmFields } from '../../ui/tpm-fields.tsx';
import { Field, stateOf } from './field.tsx';
import { runChoices } from './form.ts';
import { MoreFields } from './more-fields.tsx';
import { OwnCoresField, PagesField } from './own-resources.tsx';
import { RadioField } from './radio-field.tsx';
import type { StepProps } from './step-props.ts';
import { useOptionTexts, useRunTexts } from './use-option-texts.ts';
import { WatchdogField } from './watchdog-field.tsx';

/** The keys of Secure Boot are a workstation's own; a cluster brings Microsoft's. */
const ofCluster: readonly UefiState[] = ['uefi', 'secure-boot'];

export interface StepOptionsProps extends StepProps {
  /** Processors and memory are those of an instance type, and how they are given is its, too. */
  readonly isByType?: boolean;
}

export function StepOptions({ isByType = false, ...props }: StepOptionsProps) {
  const { form, change, problems } = props;
  const { t } = useTranslation('create');
  const { firmware, tpm, description } = form.options;
  const texts = useOptionTexts(form.options);
  const run = useRunTexts();
  const isComputer = useIsComputer();
  return (
    <Form isWidthLimited onSubmit={(event) => event.preventDefault()}>
      <RadioField
        id="run"
        label={t('options.run')}
        problems={problems}
        field="run"
        value={form.options.run}
        options={runChoices.map((each) => ({ value: each, label: run(each).title, description: run(each).body }))}
        onChange={(to) => change({ section: 'options', to: { run: to } })}
      />
      <Field id="description" label={t('options.description')} problems={problems} field="description">
        <TextInput
          id="description"
          value={description}
          onChange={(_event, to) => change({ section: 'options', to: { description: to } })}
        />
      </Field>
      <div className="vd-folded">
        <MoreFields label={t('options.firmware')} chosen={`${texts.firmware} · ${texts.tpm}`} isWrong={false}>
          <FirmwareFields
            id="firmware"
            state={firmware}
            {...(isComputer ? {} : { states: ofCluster })}
            onChange={(to) => change({ section: 'options', to: { firmware: to } })}
          />
          <TpmFields id="tpm" choice={tpm} onChange={(to) => change({ section: 'options', to: { tpm: to } })} />
        </MoreFields>
        <MoreFields label={t('options.watchdog')} chosen={texts.watchdog} isWrong={false}>
          <WatchdogField {...props} />
        </MoreFields>
        {!isByType && (
          <MoreFields
            label={t('options.resources')}
            chosen={`${texts.pages} · ${texts.cores}`}
            isWrong={stateOf(problems, 'pages') === 'error'}
          >
            <PagesField {...props} />
            <OwnCoresField {...props} />
          </MoreFields>
        )}
      </div>
    </Form>
  );
}
