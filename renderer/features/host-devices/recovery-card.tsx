// Owns the recovery card, on the screen and on paper: what to do when this computer does not come up as prepared.
// Must not need the computer that it is for: it is read beside one that is broken.
import '../../ui/device-groups.css';
import './host-devices.css';
import { Alert, Button, Content, Skeleton, Title } from '@patternfly/react-core';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreparationChange, RecoveryCard } from '../../../electron/api/preparation.ts';
import { useClient } from '../../client/context.tsx';
import { usePreparationChanges } from '../../client/device-hooks.ts';
import { useLoaded } from '../../client/hooks.ts';
import { argumentWords } from './argument-change.ts';

export function RecoveryCardView() {
  const { t } = useTranslation('devices');
  const client = useClient();
  const load = useCallback((signal: AbortSignal) => client.recoveryCard(signal), [client]);
  const changes = usePreparationChanges();
  const card = useLoaded(load, changes?.items.map(({ id }) => id).join(' '));
  if (card.value === undefined) {
    return card.phase === 'failed' ? (
      <Alert component="p" isInline variant="danger" title={t('card.failed')}>
        {card.error.message}
      </Alert>
    ) : (
      <Skeleton height="10rem" screenreaderText={t('loading', { ns: 'words' })} />
    );
  }
  return <Card card={card.value} />;
}

const menus = {
  grub: 'grub',
  grubby: 'grub',
  'rpm-ostree': 'grub',
  'systemd-boot': 'boot',
  'kernel-install': 'boot',
  unknown: 'unknown',
} as const;

function Card({ card }: { readonly card: RecoveryCard }) {
  const { t } = useTranslation('devices');
  const { hostname, system, bootLoader, remove, add, changes, rescueScript, rebuild } = card;
  const menu = menus[bootLoader];
  return (
    <article className="vd-card" aria-labelledby="card-title">
      <Title headingLevel="h2" id="card-title">
        {t('card.title', { hostname })}
      </Title>
      <Content component="p" className="vd-subtle">
        {system}
      </Content>
      <Button className="vd-no-print" variant="secondary" onClick={() => window.print()}>
        {t('card.print')}
      </Button>
      <Content component="p">{t('card.when')}</Content>
      <Title headingLevel="h3">{t('card.once')}</Title>
      <Content component="ol">
        <li>{t(`card.menu.${menu}`)}</li>
        {remove.map((word) => (
          <li key={word}>
            {t('card.takeAway')} <code>{word}</code>
          </li>
        ))}
        {add.map((word) => (
          <li key={word}>
            {t('card.add')} <code>{word}</code>
          </li>
        ))}
        <li>{t(`card.start.${menu}`)}</li>
      </Content>
      <Title headingLevel="h3">{t('card.forGood')}</Title>
      <dl>
        <dt>{t('card.inside')}</dt>
        <dd>
          <code>virtdeck prepare undo</code>
        </dd>
        <dt>{t('card.rescue')}</dt>
        <dd>
          <code>sh {rescueScript}</code>
        </dd>
        <dt>{t('card.mounted')}</dt>
        <dd>
          <code>sh /mnt{rescueScript} /mnt</code>
        </dd>
        {rebuild.length > 0 && <dt>{t('card.rebuild')}</dt>}
        {rebuild.map((line) => (
          <dd key={line}>
            <code>{line}</code>
          </dd>
        ))}
      </dl>
      <Title headingLevel="h3">{t('card.changed')}</Title>
      {changes.length === 0 ? (
        <Content component="p">{t('card.nothing')}</Content>
      ) : (
        <Content component="ul">
          {changes.map((change) => (
            <li key={change.id}>
              <ChangeLine change={change} />
            </li>
          ))}
        </Content>
      )}
    </article>
  );
}

function ChangeLine({ change }: { readonly change: PreparationChange }) {
  const { t } = useTranslation('devices');
  if (!('path' in change)) return t(argumentWords(change), { argument: change.argument });
  return (
    <>
      <code>{change.path}</code> {t(change.before === undefined ? 'card.made' : 'card.edited')}
    </>
  );
}
