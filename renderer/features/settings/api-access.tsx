// Owns the card that lets kubectl, virtctl and Ansible of this computer in.
// Must not hold a secret: the context asks for a credential at each call.
import { Card, CardBody, CardTitle, Checkbox, Stack, StackItem, Switch } from '@patternfly/react-core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsSpec } from '../../../electron/api/kinds/settings.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

export interface ApiAccessProps {
  readonly spec: SettingsSpec | undefined;
  readonly onChange: (change: Partial<SettingsSpec>) => void;
}

export function ApiAccessCard({ spec, onChange }: ApiAccessProps) {
  const { t } = useTranslation('settings');
  const client = useClient();
  const [isView, setView] = useState(false);
  const isOn = spec?.apiAccess === 'on';
  // The port is written down when it listens.
  const access = useLoaded(
    useCallback((signal: AbortSignal) => client.apiAccess(signal), [client]),
    `${spec?.apiAccess} ${spec?.apiPort}`,
  );
  const commands = [`virtdeck kubeconfig --merge${isView ? ' --view' : ''}`, `kubectl --context virtdeck${isView ? '-view' : ''} get vm`];
  return (
    <Card>
      <CardTitle component="h2">{t('apiAccess.title')}</CardTitle>
      <CardBody>
        <Stack hasGutter>
          <StackItem>
            <Switch
              id="setting-apiAccess"
              label={t('apiAccess.allow')}
              isChecked={isOn}
              onChange={(_event, checked) => onChange({ apiAccess: checked ? 'on' : 'off' })}
            />
            <p className="vd-subtle">{t('apiAccess.note')}</p>
          </StackItem>
          {access.value?.server !== undefined && (
            <>
              <StackItem>{t('apiAccess.address', { address: access.value.server })}</StackItem>
              <StackItem>
                <Checkbox
                  id="setting-apiAccess-view"
                  label={t('apiAccess.view')}
                  isChecked={isView}
                  onChange={(_event, checked) => setView(checked)}
                />
              </StackItem>
              {commands.map((command) => (
                <StackItem key={command}>
                  <code className="vd-breakable">{command}</code>{' '}
                  <CopyButton text={command} label={t('apiAccess.copy')} doneLabel={t('copied', { ns: 'words' })} />
                </StackItem>
              ))}
            </>
          )}
        </Stack>
      </CardBody>
    </Card>
  );
}
