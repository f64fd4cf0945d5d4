// Owns the page of the recovery card alone.
// Must not show anything else: it is printed.
import { PageSection, Title } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { RecoveryCardView } from './recovery-card.tsx';

export function RecoveryCardPage() {
  const { t } = useTranslation('devices');
  return (
    <PageSection isFilled>
      <Link href="/host-devices" className="vd-no-print">
        {t('back')}
      </Link>
      <Title headingLevel="h1" className="vd-no-print">
        {t('openCard')}
      </Title>
      <RecoveryCardView />
    </PageSection>
  );
}
