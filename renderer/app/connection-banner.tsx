// Owns saying that the core or the cluster does not answer, or does not know this page any more.
// Must not reconnect; the cache does.
import { Banner, Flex, FlexItem } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../client/context.tsx';
import { useConnection, useHomeConnection } from '../client/hooks.ts';

/** A core that restarts is back before this: no flash of red. */
const patienceMs = 1000;

export function ConnectionBanner() {
  const { t } = useTranslation('shell');
  const home = useHomeConnection();
  const cluster = useConnection();
  const { connection: name = '' } = usePlace();
  if (home.state === 'signedOut') return <SignedOutBanner />;
  if (home.state === 'lost') return <LostBanner text={t('connection.lost', { reason: home.message })} />;
  // The core answers: what is lost is the cluster.
  if (cluster.state === 'signedOut') return <LostBanner text={t('connection.clusterSignedOut', { name })} />;
  if (cluster.state === 'lost') return <LostBanner text={t('connection.clusterLost', { name, reason: cluster.message })} />;
  return null;
}

function LostBanner({ text }: { readonly text: string }) {
  const { t } = useTranslation('shell');
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <Banner status="danger" screenReaderText={t('connection.label')} isSticky>
      <Flex gap={{ default: 'gapSm' }} justifyContent={{ default: 'justifyContentCenter' }}>
        <FlexItem role="alert">{text}</FlexItem>
      </Flex>
    </Banner>
  );
}

function SignedOutBanner() {
  const { t } = useTranslation('shell');
  return (
    <Banner status="warning" screenReaderText={t('connection.label')} isSticky>
      <Flex gap={{ default: 'gapSm' }} justifyContent={{ default: 'justifyContentCenter' }}>
        <FlexItem role="alert">
          {t('connection.signedOut')} <code>virtdeck open</code>
        </FlexItem>
      </Flex>
    </Banner>
  );
}
