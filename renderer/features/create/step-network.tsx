// Owns the fourth step: the connection and what leads into the machine.
// Must not look for free ports.
import { Form, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import { Field, notesId, stateOf } from './field.tsx';
import { networkModes } from './form.ts';
import { MoreFields } from './more-fields.tsx';
import { PortForwards } from './port-forwards.tsx';
import { SelectField } from './select-field.tsx';
import { RadioField } from './radio-field.tsx';
import type { StepProps } from './step-props.ts';

export function StepNetwork(props: StepProps) {
  const { form, change, problems } = props;
  const { t } = useTranslation(['create', 'clusterCreate']);
  const isComputer = useIsComputer();
  const { mode, mac } = form.network;
  return (
    <Form isWidthLimited onSubmit={(event) => event.preventDefault()}>
      <RadioField
        id="network-mode"
        label={t('network.mode')}
        problems={problems}
        field="mode"
        value={mode}
        options={networkModes.map((each) => ({
          value: each,
          label: isComputer ? t(`network.${each}.title`) : t(`clusterCreate:network.${each}.title`),
          description: isComputer ? t(`network.${each}.body`) : t(`clusterCreate:network.${each}.body`),
        }))}
        onChange={(to) => change({ section: 'network', to: { mode: to } })}
      />
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
  const { networkNames, functionNetworks } = world;
  return (
    <SelectField
      id="network-name"
      label={t('network.name')}
      problems={problems}
      field="networkName"
      isRequired
      help={networkNames.length === 0 ? t('network.noNames') : undefined}
      value={form.network.networkName}
      options={networkNames.map((name) => ({
        value: name,
        label: functionNetworks.has(name) ? t('network.ofFunctions', { name }) : name,
      }))}
      placeholder={t('network.choose')}
      onChange={(networkName) => change({ section: 'network', to: { networkName } })}
    />
  );
}
