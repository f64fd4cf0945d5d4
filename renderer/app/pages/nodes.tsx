// Owns the address /nodes.
// Must not hold the page itself.
import { PageSection, Title } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

export default function Nodes() {
  const { t } = useTranslation('shell');
  return (
    <PageSection>
      <Title headingLevel="h1">{t('navigation.nodes')}</Title>
    </PageSection>
  );
}
