// Owns choosing what a machine boots from its network: Debian's own installer, a folder of this computer, or an address.
// Must not fetch anything; the first start does.
import { TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Field, notesId, stateOf } from './field.tsx';
import { networkBootSources } from './form.ts';
import { IntoView } from './into-view.tsx';
import { PathField } from './path-field.tsx';
import { RadioField } from './radio-field.tsx';
import type { StepProps } from './step-props.ts';

export function NetworkBootFields({ form, world, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const { networkBoot } = form.system;
  const set = (to: Partial<typeof networkBoot>): void => change({ section: 'system', to: { networkBoot: { ...networkBoot, ...to } } });
  return (
    <>
      <RadioField
        id="network-boot"
        label={t('system.network.from')}
        problems={problems}
        field="networkBoot"
        value={networkBoot.from}
        options={networkBootSources.map((from) => ({
          value: from,
          label: t(`system.network.source.${from}.title`),
          description: t(`system.network.source.${from}.body`),
        }))}
        onChange={(from) => set({ from })}
      />
      {networkBoot.from === 'folder' && (
        <IntoView>
          <PathField
            id="network-folder"
            label={t('system.network.folder')}
            problems={problems}
            field="networkFolder"
            chooses="folder"
            path={networkBoot.folder}
            home={world.computer?.user.home}
            placeholder="/srv/tftp"
            onChange={(folder) => set({ folder })}
          />
        </IntoView>
      )}
      {networkBoot.from === 'url' && (
        <IntoView>
          <Field id="network-url" label={t('system.network.url')} problems={problems} field="networkUrl" isRequired>
            <TextInput
              id="network-url"
              value={networkBoot.url}
              validated={stateOf(problems, 'networkUrl')}
              aria-describedby={notesId('network-url')}
              placeholder="http://10.0.2.1:8000/boot.ipxe"
              spellCheck={false}
              onChange={(_event, url) => set({ url: url.trim() })}
            />
          </Field>
        </IntoView>
      )}
    </>
  );
}
