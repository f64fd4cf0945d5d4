// Owns the button that begins a new machine: by the wizard, from YAML, from a file.
// Must not create anything.
import { Dropdown, DropdownItem, DropdownList, MenuToggle, MenuToggleAction, type MenuToggleElement } from '@patternfly/react-core';
import { memo, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { menuPlace } from '../../ui/menu-place.ts';

export const CreateButton = memo(function CreateButton() {
  const { t } = useTranslation('machines');
  const [open, setOpen] = useState(false);
  const [, navigate] = useLocation();
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: 'end', appendTo: menuPlace }}
      toggle={(ref: Ref<MenuToggleElement>) => (
        <MenuToggle
          ref={ref}
          variant="primary"
          isExpanded={open}
          onClick={() => setOpen(!open)}
          aria-label={t('create.more')}
          splitButtonItems={[
            <MenuToggleAction key="create" onClick={() => navigate('/create')} aria-keyshortcuts="Control+N">
              {t('create.machine')}
            </MenuToggleAction>,
          ]}
        />
      )}
    >
      <DropdownList>
        <DropdownItem onClick={() => navigate('/create')} description={t('create.wizardNote')}>
          {t('create.wizard')}
        </DropdownItem>
        <DropdownItem onClick={() => navigate('/create/yaml')} description={t('create.yamlNote')}>
          {t('create.yaml')}
        </DropdownItem>
        <DropdownItem onClick={() => navigate('/create/file')} description={t('create.fileNote')}>
          {t('create.file')}
        </DropdownItem>
      </DropdownList>
    </Dropdown>
  );
});
