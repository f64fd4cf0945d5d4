// Owns the sidebar.
// Must not show a page that does not apply.
import { Nav, NavItem, NavList, PageSidebar, PageSidebarBody } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useIsComputer } from '../client/context.tsx';
import { useHomeList, useList } from '../client/hooks.ts';
import { isThere, navigation } from './routes.tsx';

export function AppNavigation() {
  const { t } = useTranslation('shell');
  const [location] = useLocation();
  const hasQuota = useList('resourcequotas').items.length > 0;
  const hasCluster = useHomeList('connections.virtdeck.io').items.length > 0;
  const isComputer = useIsComputer();
  // Most computers have no quota and no cluster; the palette finds the pages in any case.
  const isQuiet = { quotas: !hasQuota, clusters: !hasCluster };
  const shown = navigation.filter(
    (id) => isThere(id, isComputer) && (!(id in isQuiet) || !isQuiet[id as keyof typeof isQuiet] || location.startsWith(`/${id}`)),
  );
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label={t('navigation.label')}>
          <NavList>
            {shown.map((id) => (
              <NavLink key={id} id={id} isCurrent={location === `/${id}` || location.startsWith(`/${id}/`)} />
            ))}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}

function NavLink({ id, isCurrent }: { readonly id: (typeof navigation)[number]; readonly isCurrent: boolean }) {
  const { t } = useTranslation('shell');
  return (
    <NavItem isActive={isCurrent} styleChildren={false}>
      <Link
        href={`/${id}`}
        className={`pf-v6-c-nav__link${isCurrent ? ' pf-m-current' : ''}`}
        aria-current={isCurrent ? 'page' : undefined}
      >
        {t(`navigation.${id}`)}
      </Link>
    </NavItem>
  );
}
