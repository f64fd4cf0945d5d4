// Owns the address /machines.
// Must not hold the page itself.
import { PageSection, Title } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

export default function Machines() {
  const { t } = useTranslation('shell');
  return (
    <PageSection>
      <Title headingLevel="h1">{t('navigation.machines')}</Title>
    </PageSection>
  );
}
