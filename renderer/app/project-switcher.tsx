// Owns the menu that says which project is shown.
// Must not be seen where there is only one.
import { Divider, Dropdown, DropdownItem, DropdownList, MenuToggle, type MenuToggleElement, ToolbarItem } from '@patternfly/react-core';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useProject } from '../client/project.tsx';

export function ProjectSwitcher() {
  const { t } = useTranslation('projects');
  const { project, names, choose } = useProject();
  const [open, setOpen] = useState(false);
  const [, navigate] = useLocation();
  if (names.length < 2) return null;
  return (
    <ToolbarItem>
      <Dropdown
        isOpen={open}
        onOpenChange={setOpen}
        onSelect={() => setOpen(false)}
        isScrollable
        popperProps={{ appendTo: 'inline' }}
        toggle={(ref: Ref<MenuToggleElement>) => (
          <MenuToggle ref={ref} isExpanded={open} onClick={() => setOpen(!open)} className="vd-place">
            {t('shown', { name: project ?? t('all') })}
          </MenuToggle>
        )}
      >
        <DropdownList>
          <DropdownItem isSelected={project === undefined} onClick={() => choose(undefined)}>
            {t('all')}
          </DropdownItem>
          {names.map((name) => (
            <DropdownItem key={name} isSelected={name === project} onClick={() => choose(name)}>
              {name}
            </DropdownItem>
          ))}
          <Divider component="li" />
          <DropdownItem onClick={() => navigate('/settings')}>{t('manage')}</DropdownItem>
        </DropdownList>
      </Dropdown>
    </ToolbarItem>
  );
}
