// Owns the frame of the window: masthead, navigation, drawer, and the page of the current address.
// Must not hold any page.
import { Page, SkipToContent } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Switch } from 'wouter';
import { AtHome, useIsComputer } from '../client/context.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { AppMasthead } from './masthead.tsx';
import { AppNavigation } from './navigation.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { FailureNotices } from './failure-notices.tsx';
import { Notifications } from './notifications.tsx';
import { OnlyHere } from './only-here.tsx';
import { PageFrame } from './page-frame.tsx';
import { TransferNotices } from './transfer-notices.tsx';
import { bareRoutes, type RouteRow, routes } from './routes.tsx';

const mainId = 'main';

export function Shell() {
  return (
    <Switch>
      {bareRoutes.map(({ path, page: PageBody }) => (
        <Route key={path} path={path}>
          <PageFrame>
            <PageBody />
          </PageFrame>
        </Route>
      ))}
      <Route>
        <Framed />
      </Route>
    </Switch>
  );
}

function PageOf({ row: { page: PageBody, belongs } }: { readonly row: RouteRow }) {
  const isComputer = useIsComputer();
  if (belongs === 'to the window') {
    return (
      <AtHome>
        <PageBody />
      </AtHome>
    );
  }
  if (belongs === 'to a workstation' && !isComputer) return <OnlyHere />;
  return belongs === 'to a cluster' && isComputer ? <Redirect to="/machines" replace /> : <PageBody />;
}

function Framed() {
  const { t } = useTranslation('shell');
  const [drawerOpen, setDrawerOpen] = useState(false);
  return (
    <>
      <Page
        masthead={<AppMasthead drawerOpen={drawerOpen} onDrawer={() => setDrawerOpen((open) => !open)} />}
        sidebar={<AppNavigation />}
        isManagedSidebar
        mainContainerId={mainId}
        mainTabIndex={-1}
        isContentFilled
        skipToContent={
          <SkipToContent
            href={`#${mainId}`}
            // The address after # belongs to the router: move the focus, not the address.
            onClick={(event) => {
              event.preventDefault();
              document.getElementById(mainId)?.focus();
            }}
          >
            {t('skipToContent')}
          </SkipToContent>
        }
        notificationDrawer={<Notifications onClose={() => setDrawerOpen(false)} />}
        isNotificationDrawerExpanded={drawerOpen}
        banner={<ConnectionBanner />}
      >
        <Switch>
          {routes.map((row) => (
            <Route key={row.path} path={row.path}>
              <PageFrame>
                <PageOf row={row} />
              </PageFrame>
            </Route>
          ))}
          <Route>
            <Redirect to="/machines" replace />
          </Route>
        </Switch>
      </Page>
      <FailureNotices />
      <TransferNotices />
      <Toasts label={t('notifications.title')} closeLabel={t('close', { ns: 'words' })} />
    </>
  );
}
