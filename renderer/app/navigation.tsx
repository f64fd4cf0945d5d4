// Owns the sidebar.
// Must not show a page that does not apply.
import { Nav, NavItem, NavList, PageSidebar, PageSidebarBody } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useList } from '../client/hooks.ts';
import { navigation } from './routes.tsx';

export function AppNavigation() {
  const { t } = useTranslation('shell');
  const [location] = useLocation();
  const hasQuota = useList('resourcequotas').items.length > 0;
  // Most computers have no quota; the palette finds the page in any case.
  const shown = navigation.filter((id) => id !== 'quotas' || hasQuota || location.startsWith('/quotas'));
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
