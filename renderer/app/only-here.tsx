// Owns saying that a page is about a workstation, where the window works on a cluster.
// Must not know which page.
import { Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';

export function OnlyHere() {
  const { t } = useTranslation('clusters');
  const [location, navigate] = useLocation();
  return (
    <PageSection isFilled>
      <EmptyState titleText={t('onlyHere.title')} headingLevel="h1" status="info">
        <EmptyStateBody>{t('onlyHere.body')}</EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button onClick={() => navigate(`~${location}`)}>{t('onlyHere.go')}</Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
    </PageSection>
  );
}
