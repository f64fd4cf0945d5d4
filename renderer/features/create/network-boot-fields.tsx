// Owns choosing what a machine boots from its network: Debian's own installer, a folder of this computer, or an address.
// Must not fetch anything; the first start does.
import { Button, InputGroup, InputGroupItem, Radio, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, notesId, stateOf } from './field.tsx';
import { FolderBrowser } from './folder-browser.tsx';
import { networkBootSources } from './form.ts';
import { IntoView } from './into-view.tsx';
import type { StepProps } from './step-props.ts';

export function NetworkBootFields({ form, world, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const [browsing, setBrowsing] = useState(false);
  const { networkBoot } = form.system;
  const set = (to: Partial<typeof networkBoot>): void => change({ section: 'system', to: { networkBoot: { ...networkBoot, ...to } } });
  return (
    <>
      <Field id="network-boot" label={t('system.network.from')} problems={problems} field="networkBoot" role="radiogroup">
        {networkBootSources.map((from) => (
          <Radio
            key={from}
            id={`network-boot-${from}`}
            name="network-boot"
            label={t(`system.network.source.${from}.title`)}
            description={t(`system.network.source.${from}.body`)}
            isChecked={networkBoot.from === from}
            onChange={() => set({ from })}
          />
        ))}
      </Field>
      {networkBoot.from === 'folder' && (
        <Field id="network-folder" label={t('system.network.folder')} problems={problems} field="networkFolder" isRequired>
          <InputGroup>
            <InputGroupItem isFill>
              <TextInput
                id="network-folder"
                value={networkBoot.folder}
                validated={stateOf(problems, 'networkFolder')}
                aria-describedby={notesId('network-folder')}
                placeholder="/srv/tftp"
                spellCheck={false}
                onChange={(_event, folder) => set({ folder: folder.trim() })}
              />
            </InputGroupItem>
            <InputGroupItem>
              <Button variant="control" aria-expanded={browsing} onClick={() => setBrowsing((last) => !last)}>
                {t('system.file.browse')}
              </Button>
            </InputGroupItem>
          </InputGroup>
        </Field>
      )}
      {networkBoot.from === 'folder' && browsing && (
        <IntoView>
          {/* The folder of the file that is chosen: a boot loader in it shows that it is the right one. */}
          <FolderBrowser
            start={networkBoot.folder.startsWith('/') ? networkBoot.folder : (world.computer?.user.home ?? '/')}
            onChoose={(file) => {
              set({ folder: file.slice(0, Math.max(1, file.lastIndexOf('/'))) });
              setBrowsing(false);
            }}
          />
        </IntoView>
      )}
      {networkBoot.from === 'url' && (
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
      )}
    </>
  );
}
