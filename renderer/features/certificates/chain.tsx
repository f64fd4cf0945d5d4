// Owns the chain as a tree: each authority with the certificates that it signed.
// Must not change anything.
import { Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { AuthorityView, LifeView } from './chain-view.ts';
import { LifeBar } from './life-bar.tsx';

export function Chain({ authorities }: { readonly authorities: readonly AuthorityView[] }) {
  const { t } = useTranslation('certificates');
  return (
    <ul className="vd-chain" aria-label={t('chain')}>
      {authorities.map((authority) => (
        <li key={authority.serialNumber}>
          <div className="vd-chain-head">
            <strong>{t('authority')}</strong>
            <Label isCompact color={authority.signs ? 'green' : 'grey'}>
              {t(authority.signs ? 'signs' : 'trusted')}
            </Label>
          </div>
          <Details life={authority} />
          {authority.servers.length > 0 && (
            <ul>
              {authority.servers.map((server) => (
                <li key={server.serialNumber}>
                  <div className="vd-chain-head">
                    <strong>{t(`server.${server.name}`)}</strong>
                    <span className="vd-subtle">{server.hosts.join(', ')}</span>
                  </div>
                  <Details life={server} />
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}

function Details({ life }: { readonly life: LifeView }) {
  const { t } = useTranslation('certificates');
  return (
    <>
      <LifeBar life={life} />
      <p className="vd-subtle vd-breakable" title={t('fingerprint', { fingerprint: life.fingerprint })}>
        {t('serial', { serial: life.serialNumber })}
      </p>
    </>
  );
}
