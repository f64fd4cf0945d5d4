// Owns making a disk: empty, from elsewhere, or a copy of one that is there.
// Must not fill it; the core does.
import { FormGroup, FormHelperText, FormSelect, FormSelectOption, HelperText, HelperTextItem, Radio } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, usePlace } from '../../client/context.tsx';
import { useRegistrySecrets } from '../../client/registry-secrets.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { addressProblem, isWebAddress } from '../../ui/image-address.ts';
import { RegistrySecretField } from '../../ui/registry-secret-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { WholeNumberInput } from '../../ui/whole-number-input.tsx';
import { type DiskDraft, diskManifest, diskNameProblem, diskProblems, newDiskSources } from './disk-draft.ts';
import type { DiskView } from './disk-view.ts';

const firstSizeGiB = 20;

export function CreateDiskDialog({ disks, onClose }: { readonly disks: readonly DiskView[]; readonly onClose: () => void }) {
  const { t } = useTranslation('disks');
  const client = useClient();
  const { namespace } = usePlace();
  const [draft, setDraft] = useState<DiskDraft>({
    namespace,
    name: '',
    source: 'blank',
    sizeGiB: firstSizeGiB,
    address: '',
    secret: '',
    original: '',
  });
  const change = (to: Partial<DiskDraft>): void => setDraft({ ...draft, ...to });
  const { name, source, sizeGiB } = draft;
  const nameProblem = diskNameProblem(name, { namespace, taken: disks.map(({ id }) => id) });
  return (
    <FormDialog
      id="disk"
      title={t('create.title')}
      note={t('create.note')}
      button={t('create', { ns: 'words' })}
      failed={t('failed.create')}
      isReady={nameProblem === undefined && diskProblems(draft).length === 0}
      send={() => client.create('datavolumes.cdi.kubevirt.io', diskManifest(draft))}
      onClose={onClose}
    >
      <TextField
        id="disk-name"
        label={t('column.name')}
        value={name}
        isRequired
        problem={nameProblem === undefined ? undefined : t(`create.invalid.${nameProblem}`)}
        onChange={(text) => change({ name: text })}
      />
      <FormGroup role="radiogroup" isStack fieldId="disk-source" label={t('create.content')}>
        {newDiskSources.map((each) => (
          <Radio
            key={each}
            id={`disk-source-${each}`}
            name="disk-source"
            label={t(`create.from.${each}`)}
            isChecked={source === each}
            // What has content is as large as that, until somebody wants more.
            onChange={() => change({ source: each, sizeGiB: each === 'blank' ? firstSizeGiB : undefined })}
          />
        ))}
      </FormGroup>
      {source === 'elsewhere' && <Elsewhere draft={draft} change={change} />}
      {source === 'copy' && <Original draft={draft} change={change} disks={disks} />}
      <FormGroup label={t('create.size')} fieldId="disk-size" isRequired={source === 'blank'}>
        <WholeNumberInput
          id="disk-size"
          value={sizeGiB}
          min={1}
          max={65_536}
          unit="GiB"
          label={t('create.size')}
          minusLabel={t('create.less')}
          plusLabel={t('create.more')}
          onChange={(size) => change({ sizeGiB: size })}
        />
        {source !== 'blank' && <Note text={t('create.asItIs')} />}
      </FormGroup>
    </FormDialog>
  );
}

interface PartProps {
  readonly draft: DiskDraft;
  readonly change: (to: Partial<DiskDraft>) => void;
}

function Elsewhere({ draft: { address, secret }, change }: PartProps) {
  const { t } = useTranslation('create');
  const secrets = useRegistrySecrets();
  const problem = addressProblem(address);
  return (
    <>
      <TextField
        id="disk-address"
        label={t('system.address.address')}
        value={address}
        isRequired
        placeholder="quay.io/containerdisks/debian:13"
        help={t('system.address.help')}
        problem={problem === undefined ? undefined : t(`problems.${problem}`)}
        onChange={(text) => change({ address: text })}
      />
      {!isWebAddress(address) && (
        <RegistrySecretField secrets={secrets} id="disk-secret" value={secret} onChange={(name) => change({ secret: name })} />
      )}
    </>
  );
}

function Original({ draft: { namespace, original }, change, disks }: PartProps & { readonly disks: readonly DiskView[] }) {
  const { t } = useTranslation('disks');
  const choices = disks.filter((disk) => disk.namespace === namespace && disk.state === 'ready');
  return (
    <FormGroup label={t('create.original')} fieldId="disk-original" isRequired>
      <FormSelect
        id="disk-original"
        value={original}
        isRequired
        isDisabled={choices.length === 0}
        onChange={(_event, name) => change({ original: name })}
      >
        <FormSelectOption value="" label={t(choices.length === 0 ? 'create.nothingToCopy' : 'create.choose')} isPlaceholder />
        {choices.map((disk) => (
          <FormSelectOption key={disk.id} value={disk.name} label={disk.name} />
        ))}
      </FormSelect>
      <Note text={t('create.copied')} />
    </FormGroup>
  );
}

function Note({ text }: { readonly text: string }) {
  return (
    <FormHelperText>
      <HelperText>
        <HelperTextItem>{text}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}
