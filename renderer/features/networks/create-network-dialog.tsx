// Owns making a network that machines can be put on.
// Must not make its bridge.
import { Alert, Checkbox, FormGroup, FormSelect, FormSelectOption, Radio } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BridgeReport } from '../../../electron/api/networks.ts';
import { useClient, usePlace } from '../../client/context.tsx';
import { useHostDevices } from '../../client/device-hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { functionResources, type NetworkForm, type NetworkView, networkDraft, networkProblems } from './network-view.ts';

export interface CreateNetworkDialogProps {
  readonly networks: readonly NetworkView[];
  readonly bridges: readonly BridgeReport[];
  readonly onClose: () => void;
}

export function CreateNetworkDialog({ networks, bridges, onClose }: CreateNetworkDialogProps) {
  const { t } = useTranslation('networks');
  const client = useClient();
  const { namespace } = usePlace();
  const report = useHostDevices();
  const offered = report === undefined ? [] : functionResources(report);
  const [form, setForm] = useState<NetworkForm>({
    name: '',
    kind: 'bridge',
    bridge: bridges[0]?.name ?? '',
    resourceName: '',
    vlan: '',
    onlyOwnAddress: false,
  });
  const change = (part: Partial<NetworkForm>): void => setForm((last) => ({ ...last, ...part }));
  const taken = new Set(networks.filter((network) => network.namespace === namespace).map((network) => network.name));
  const problems = networkProblems(form, taken);
  const isBridge = form.kind === 'bridge';
  const mixing = isBridge && form.vlan !== '' && bridges.some(({ name, vlanFiltering }) => name === form.bridge && vlanFiltering !== 'on');
  return (
    <FormDialog
      id="network"
      title={t('create.title')}
      note={t('create.note')}
      button={t('create', { ns: 'words' })}
      failed={t('failed.network')}
      isReady={Object.keys(problems).length === 0}
      send={() => client.create('network-attachment-definitions.k8s.cni.cncf.io', networkDraft(form, namespace))}
      onClose={onClose}
    >
      <TextField
        id="network-name"
        label={t('create.name')}
        value={form.name}
        isRequired
        problem={problems.name === undefined ? undefined : t(`create.invalid.${problems.name}`)}
        onChange={(name) => change({ name })}
      />
      {offered.length > 0 && (
        <FormGroup role="radiogroup" label={t('create.kind')} fieldId="network-kind">
          {(['bridge', 'sriov'] as const).map((kind) => (
            <Radio
              key={kind}
              id={`network-kind-${kind}`}
              name="network-kind"
              label={t(`create.kinds.${kind}`)}
              description={t(`create.kindNotes.${kind}`)}
              isChecked={form.kind === kind}
              onChange={() => change({ kind, resourceName: form.resourceName === '' ? (offered[0] ?? '') : form.resourceName })}
            />
          ))}
        </FormGroup>
      )}
      {form.kind === 'sriov' && (
        <FormGroup label={t('create.resource')} fieldId="network-resource" isRequired>
          <FormSelect id="network-resource" value={form.resourceName} onChange={(_event, resourceName) => change({ resourceName })}>
            {offered.map((name) => (
              <FormSelectOption key={name} value={name} label={name} />
            ))}
          </FormSelect>
        </FormGroup>
      )}
      {isBridge && (
        <TextField
          id="network-bridge"
          label={t('create.bridge')}
          value={form.bridge}
          isRequired
          help={
            bridges.length === 0
              ? t('create.bridgeHelpNone')
              : t('create.bridgeHelp', { bridges: bridges.map(({ name }) => name).join(', ') })
          }
          problem={problems.bridge === undefined ? undefined : t('create.invalid.bridge')}
          onChange={(bridge) => change({ bridge })}
        />
      )}
      <TextField
        id="network-vlan"
        label={t('create.vlan')}
        value={form.vlan}
        help={t(isBridge ? 'create.vlanHelp' : 'create.vlanHelpFunctions')}
        problem={problems.vlan === undefined ? undefined : t('create.invalid.vlan')}
        onChange={(vlan) => change({ vlan })}
      />
      {mixing && <Alert component="p" isInline isPlain variant="warning" title={t('create.mixing', { bridge: form.bridge })} />}
      <Checkbox
        id="network-spoof"
        label={t('create.spoof')}
        isChecked={form.onlyOwnAddress}
        onChange={(_event, onlyOwnAddress) => change({ onlyOwnAddress })}
      />
    </FormDialog>
  );
}
