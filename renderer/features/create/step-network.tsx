// Owns the fourth step: the connection and what leads into the machine.
// Must not look for free ports.
import { Form, FormSelect, FormSelectOption, Radio, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import { Field, notesId, stateOf } from './field.tsx';
import { networkModes } from './form.ts';
import { MoreFields } from './more-fields.tsx';
import { PortForwards } from './port-forwards.tsx';
import type { StepProps } from './step-props.ts';

export function StepNetwork(props: StepProps) {
  const { form, change, problems } = props;
  const { t } = useTranslation(['create', 'clusterCreate']);
  const isComputer = useIsComputer();
  const { mode, mac } = form.network;
  return (
    <Form isWidthLimited onSubmit={(event) => event.preventDefault()}>
      <Field id="network-mode" label={t('network.mode')} problems={problems} field="mode" role="radiogroup">
        {networkModes.map((each) => (
          <Radio
            key={each}
            id={`network-${each}`}
            name="network-mode"
            label={isComputer ? t(`network.${each}.title`) : t(`clusterCreate:network.${each}.title`)}
            description={isComputer ? t(`network.${each}.body`) : t(`clusterCreate:network.${each}.body`)}
            isChecked={mode === each}
            onChange={() => change({ section: 'network', to: { mode: each } })}
          />
        ))}
      </Field>
      {mode === 'bridge' && <NetworkField {...props} />}
      {isComputer && mode === 'user' && <PortForwards {...props} />}
      {mode !== 'none' && (
        <MoreFields label={t('network.more')} isWrong={stateOf(problems, 'mac') === 'error'}>
          <Field id="mac" label={t('network.mac')} problems={problems} field="mac" help={t('network.macHelp')}>
            <TextInput
              id="mac"
              value={mac}
              validated={stateOf(problems, 'mac')}
              aria-describedby={notesId('mac')}
              placeholder="02:00:00:00:00:01"
              spellCheck={false}
              onChange={(_event, to) => change({ section: 'network', to: { mac: to } })}
            />
          </Field>
        </MoreFields>
      )}
    </Form>
  );
}

function NetworkField({ form, world, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const { networkNames } = world;
  return (
    <Field
      id="network-name"
      label={t('network.name')}
      problems={problems}
      field="networkName"
      isRequired
      help={networkNames.length === 0 ? t('network.noNames') : undefined}
    >
      <FormSelect
        id="network-name"
        value={form.network.networkName}
        validated={stateOf(problems, 'networkName')}
        aria-describedby={notesId('network-name')}
        isDisabled={networkNames.length === 0}
        onChange={(_event, networkName) => change({ section: 'network', to: { networkName } })}
      >
        <FormSelectOption value="" label={t('network.choose')} isPlaceholder />
        {networkNames.map((name) => (
          <FormSelectOption key={name} value={name} label={name} />
        ))}
      </FormSelect>
    </Field>
  );
}
