// Owns what every page stands in: loading of its code, and a fault that stays inside it.
// Must not know which page it is.
import { Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, PageSection, Skeleton } from '@patternfly/react-core';
import { type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { ErrorBoundary } from '../ui/error-boundary.tsx';

export function PageFrame({ children }: { readonly children: ReactNode }) {
  const [location] = useLocation();
  return (
    <ErrorBoundary key={location} fallback={(error, retry) => <BrokenPage error={error} onRetry={retry} />}>
      <Suspense fallback={<LoadingPage />}>{children}</Suspense>
    </ErrorBoundary>
  );
}

function LoadingPage() {
  const { t } = useTranslation();
  return (
    <PageSection>
      <Skeleton width="30%" fontSize="2xl" screenreaderText={t('loading')} />
    </PageSection>
  );
}

function BrokenPage({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useTranslation('shell');
  return (
    <PageSection isFilled>
      <EmptyState status="danger" titleText={t('broken.title')} headingLevel="h1">
        <EmptyStateBody>
          {t('broken.body')} <code>{error.message}</code>
        </EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button onClick={onRetry}>{t('tryAgain', { ns: 'words' })}</Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
    </PageSection>
  );
}
