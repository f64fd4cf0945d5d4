// Owns the menu that says where the window works, and takes it elsewhere.
// Must not be seen where there is no cluster.
import { Divider, Dropdown, DropdownItem, DropdownList, MenuToggle, type MenuToggleElement, ToolbarItem } from '@patternfly/react-core';
import { ClusterIcon } from '@patternfly/react-icons/dist/esm/icons/cluster-icon';
import { DesktopIcon } from '@patternfly/react-icons/dist/esm/icons/desktop-icon';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useHomeList } from '../client/hooks.ts';
import { placeBase } from '../client/place.ts';

/** `current` is the name of a connection; absent: this computer. */
export function PlaceSwitcher({ current }: { readonly current: string | undefined }) {
  const { t } = useTranslation('clusters');
  const [open, setOpen] = useState(false);
  const [, navigate] = useLocation();
  const names = useHomeList('connections.virtdeck.io').items.map(({ metadata }) => metadata.name);
  if (names.length === 0 && current === undefined) return null;
  // The same page in another place may not exist; machines do everywhere.
  const go = (name: string | undefined): void => navigate(`~${placeBase(name)}/machines`);
  const shown = current === undefined || names.includes(current) ? names : [...names, current];
  return (
    <ToolbarItem>
      <Dropdown
        isOpen={open}
        onOpenChange={setOpen}
        onSelect={() => setOpen(false)}
        popperProps={{ appendTo: 'inline' }}
        toggle={(ref: Ref<MenuToggleElement>) => (
          <MenuToggle
            ref={ref}
            icon={current === undefined ? <DesktopIcon /> : <ClusterIcon />}
            isExpanded={open}
            onClick={() => setOpen(!open)}
            aria-label={t('place.label', { name: current ?? t('place.computer') })}
            className="vd-place"
          >
            {current ?? t('place.computer')}
          </MenuToggle>
        )}
      >
        <DropdownList>
          <DropdownItem icon={<DesktopIcon />} isSelected={current === undefined} onClick={() => go(undefined)}>
            {t('place.computer')}
          </DropdownItem>
          {shown.toSorted().map((name) => (
            <DropdownItem key={name} icon={<ClusterIcon />} isSelected={name === current} onClick={() => go(name)}>
              {name}
            </DropdownItem>
          ))}
          <Divider component="li" />
          <DropdownItem onClick={() => navigate('~/clusters')}>{t('place.manage')}</DropdownItem>
        </DropdownList>
      </Dropdown>
    </ToolbarItem>
  );
}
