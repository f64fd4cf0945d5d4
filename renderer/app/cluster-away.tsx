// Owns what the window shows in place of its pages when a cluster cannot be used: why, and where else to go.
// Must not ask; at-place.tsx does.
import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Masthead,
  MastheadContent,
  MastheadMain,
  Page,
  PageSection,
  Skeleton,
  Toolbar,
  ToolbarContent,
} from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { ConnectionReport } from '../../electron/api/clusters.ts';
import type { Loaded } from '../client/hooks.ts';
import { CauseList } from '../ui/cause-list.tsx';
import { Brand } from './brand.tsx';
import { PlaceSwitcher } from './place-switcher.tsx';

export interface ClusterAwayProps {
  readonly connection: string;
  /** There is no such connection any more. */
  readonly isGone: boolean;
  readonly report: Loaded<ConnectionReport>;
  readonly onAgain: () => void;
}

export function ClusterAway({ connection, isGone, report, onAgain }: ClusterAwayProps) {
  const { t } = useTranslation('clusters');
  return (
    <Page
      masthead={
        <Masthead>
          <MastheadMain>
            <Brand />
          </MastheadMain>
          <MastheadContent>
            <Toolbar isFullHeight isStatic>
              <ToolbarContent>
                <PlaceSwitcher current={connection} />
              </ToolbarContent>
            </Toolbar>
          </MastheadContent>
        </Masthead>
      }
    >
      <PageSection isFilled>
        {isGone || report.phase !== 'loading' ? (
          <Why connection={connection} isGone={isGone} report={report} onAgain={onAgain} />
        ) : (
          <Skeleton width="40%" fontSize="2xl" screenreaderText={t('away.asking', { name: connection })} />
        )}
      </PageSection>
    </Page>
  );
}

function Why({ connection, isGone, report, onAgain }: ClusterAwayProps) {
  const { t } = useTranslation(['clusters', 'words']);
  const [, navigate] = useLocation();
  const causes = report.phase === 'failed' ? [{ message: report.error.message }] : (report.value?.causes ?? []);
  return (
    <EmptyState
      status={isGone ? 'info' : 'warning'}
      headingLevel="h1"
      titleText={t(isGone ? 'away.gone' : 'away.title', { name: connection })}
    >
      {!isGone && (
        <EmptyStateBody>
          <CauseList causes={causes.map(({ field: _field, ...cause }: { readonly message: string; readonly field?: string }) => cause)} />
        </EmptyStateBody>
      )}
      <EmptyStateFooter>
        <EmptyStateActions>
          {isGone ? (
            <Button onClick={() => navigate('~/machines')}>{t('place.computer')}</Button>
          ) : (
            <Button onClick={onAgain}>{t('words:tryAgain')}</Button>
          )}
        </EmptyStateActions>
        <EmptyStateActions>
          <Button variant="link" onClick={() => navigate('~/clusters')}>
            {t('place.manage')}
          </Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
