// Owns the bar at the top: name, where the window works, search, notifications, theme, language, help.
// Must not hold what these open.
import {
  Button,
  Masthead,
  MastheadContent,
  MastheadMain,
  MastheadToggle,
  NotificationBadge,
  PageToggleButton,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import { BarsIcon } from '@patternfly/react-icons/dist/esm/icons/bars-icon';
import { SearchIcon } from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../client/context.tsx';
import { useNotices } from '../ui/notices.tsx';
import { Brand } from './brand.tsx';
import { CommandPalette } from './command-palette.tsx';
import { HelpMenu } from './help-menu.tsx';
import { PlaceSwitcher } from './place-switcher.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';
import { LanguageMenu, ThemeMenu } from './preference-menus.tsx';
import { useTasks } from './tasks.ts';
import { useShortcut } from '../ui/shortcut.ts';

export interface AppMastheadProps {
  readonly drawerOpen: boolean;
  readonly onDrawer: () => void;
}

export function AppMasthead({ drawerOpen, onDrawer }: AppMastheadProps) {
  const { t } = useTranslation('shell');
  const { connection } = usePlace();
  const [searching, setSearching] = useState(false);
  useShortcut('k', { ctrl: true, run: () => setSearching(true) });
  return (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton variant="plain" aria-label={t('navigation.toggle')}>
            <BarsIcon />
          </PageToggleButton>
        </MastheadToggle>
        <Brand />
      </MastheadMain>
      <MastheadContent>
        <Toolbar isFullHeight isStatic>
          <ToolbarContent>
            <PlaceSwitcher current={connection} />
            <ProjectSwitcher />
            <ToolbarGroup variant="action-group-plain" align={{ default: 'alignEnd' }} gap={{ default: 'gapNone', md: 'gapSm' }}>
              <ToolbarItem>
                <Button variant="control" icon={<SearchIcon />} onClick={() => setSearching(true)} aria-keyshortcuts="Control+K">
                  {t('search.open')} <kbd className="vd-kbd">Ctrl K</kbd>
                </Button>
              </ToolbarItem>
              <ToolbarItem>
                <Bell open={drawerOpen} onToggle={onDrawer} />
              </ToolbarItem>
              <ToolbarItem>
                <ThemeMenu />
              </ToolbarItem>
              <ToolbarItem>
                <LanguageMenu />
              </ToolbarItem>
              <ToolbarItem>
                <HelpMenu />
              </ToolbarItem>
            </ToolbarGroup>
          </ToolbarContent>
        </Toolbar>
      </MastheadContent>
      {searching && <CommandPalette onClose={() => setSearching(false)} />}
    </Masthead>
  );
}

function Bell({ open, onToggle }: { readonly open: boolean; readonly onToggle: () => void }) {
  const { t } = useTranslation('shell');
  const { list } = useNotices();
  const tasks = useTasks();
  const serious = list.some((notice) => notice.fresh && notice.variant === 'danger');
  const count = list.filter((notice) => notice.fresh).length + tasks.length;
  return (
    <NotificationBadge
      variant={serious ? 'attention' : count > 0 ? 'unread' : 'read'}
      count={count}
      isExpanded={open}
      onClick={onToggle}
      aria-label={t('notifications.badge', { count })}
    />
  );
}
