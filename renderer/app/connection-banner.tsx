// Owns saying that the core does not answer, and since when.
// Must not reconnect; the cache does.
import { Banner, Flex, FlexItem, Spinner } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../client/hooks.ts';

/** A core that restarts is back before this: no flash of red. */
const patienceMs = 1000;

export function ConnectionBanner() {
  const connection = useConnection();
  return connection.state === 'lost' ? <LostBanner reason={connection.message} /> : null;
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
        <FlexItem>
          <Spinner isInline aria-label={t('connection.trying')} />
        </FlexItem>
        <FlexItem role="alert">{t('connection.lost', { reason })}</FlexItem>
      </Flex>
    </Banner>
  );
}
