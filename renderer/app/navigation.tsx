// Owns the sidebar.
// Must not show a page that does not apply.
import { Nav, NavItem, NavList, PageSidebar, PageSidebarBody } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { navigation } from './routes.tsx';

export function AppNavigation() {
  const { t } = useTranslation('shell');
  const [location] = useLocation();
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label={t('navigation.label')}>
          <NavList>
            {navigation.map((id) => (
              <NavItem key={id} isActive={location === `/${id}` || location.startsWith(`/${id}/`)} styleChildren={false}>
                <Link
                  href={`/${id}`}
                  className="pf-v6-c-nav__link"
                  aria-current={location === `/${id}` || location.startsWith(`/${id}/`) ? 'page' : undefined}
                >
                  {t(`navigation.${id}`)}
                </Link>
              </NavItem>
            ))}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}
