// Owns choosing an image that is elsewhere: on the web, or in a registry that a Secret may open.
// Must not fetch it; the disk is filled when the machine is made.
import { TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useRegistrySecrets } from '../../client/registry-secrets.ts';
import { isWebAddress } from '../../ui/image-address.ts';
import { RegistrySecretField } from '../../ui/registry-secret-field.tsx';
import { Field, notesId, stateOf } from './field.tsx';
import type { StepProps } from './step-props.ts';

export function AddressFields({ form, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const secrets = useRegistrySecrets();
  const { elsewhere } = form.system;
  const set = (to: Partial<typeof elsewhere>): void => change({ section: 'system', to: { elsewhere: { ...elsewhere, ...to } } });
  return (
    <>
      <Field
        id="system-address"
        label={t('system.address.address')}
        problems={problems}
        field="address"
        isRequired
        help={t('system.address.help')}
      >
        <TextInput
          id="system-address"
          value={elsewhere.address}
          validated={stateOf(problems, 'address')}
          aria-describedby={notesId('system-address')}
          placeholder="quay.io/containerdisks/debian:13"
          spellCheck={false}
          onChange={(_event, address) => set({ address: address.trim() })}
        />
      </Field>
      {!isWebAddress(elsewhere.address) && (
        <RegistrySecretField secrets={secrets} id="system-secret" value={elsewhere.secret} onChange={(secret) => set({ secret })} />
      )}
    </>
  );
}
