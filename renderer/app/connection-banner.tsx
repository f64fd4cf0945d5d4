// Owns saying that the core does not answer, or does not know this page any more.
// Must not reconnect; the cache does.
import { Banner, Flex, FlexItem } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../client/hooks.ts';

/** A core that restarts is back before this: no flash of red. */
const patienceMs = 1000;

export function ConnectionBanner() {
  const connection = useConnection();
  switch (connection.state) {
    case 'connected':
      return null;
    case 'lost':
      return <LostBanner reason={connection.message} />;
    case 'signedOut':
      return <SignedOutBanner />;
  }
}

function LostBanner({ reason }: { readonly reason: string }) {
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
        <FlexItem role="alert">{t('connection.lost', { reason })}</FlexItem>
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
