// Owns showing whether this computer can pass devices through: each check, and what to do.
// Must not check.
import { Content, Icon, List, ListItem } from '@patternfly/react-core';
import { CheckCircleIcon, ExclamationCircleIcon, ExclamationTriangleIcon } from '@patternfly/react-icons';
import { useTranslation } from 'react-i18next';
import type { ReadinessCheck } from '../../../electron/api/host-devices.ts';
import { useSentences } from '../../ui/sentences.tsx';

const looks = {
  ok: { status: 'success', icon: <CheckCircleIcon /> },
  warning: { status: 'warning', icon: <ExclamationTriangleIcon /> },
  error: { status: 'danger', icon: <ExclamationCircleIcon /> },
} as const;

export function ReadinessList({ checks }: { readonly checks: readonly ReadinessCheck[] }) {
  const { t } = useTranslation('devices');
  const say = useSentences();
  return (
    <List isPlain aria-label={t('ready.title')}>
      {checks.map(({ id, state, message, fix }) => (
        <ListItem
          key={id}
          icon={
            <Icon status={looks[state].status} isInline>
              {looks[state].icon}
            </Icon>
          }
        >
          <span className="pf-v6-screen-reader">{t(`ready.${state}`)} </span>
          {say(message)}
          {fix !== undefined && (
            <Content component="small" className="vd-tight">
              {say(fix)}
            </Content>
          )}
        </ListItem>
      ))}
    </List>
  );
}
