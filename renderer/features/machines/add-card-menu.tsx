// Owns putting a machine on one of the networks that there are.
// Must not make networks; the page of networks does.
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useList } from '../../client/hooks.ts';
import { menuPlace } from '../../ui/menu-place.ts';

export interface AddCardMenuProps {
  readonly namespace: string;
  /** As a machine of that project names the network. */
  readonly onAdd: (networkName: string) => void;
}

export function AddCardMenu({ namespace, onAdd }: AddCardMenuProps) {
  const { t } = useTranslation('networks');
  const [isOpen, setOpen] = useState(false);
  const [, navigate] = useLocation();
  const names = useList('network-attachment-definitions.k8s.cni.cncf.io').items.map(({ metadata }) =>
    metadata.namespace === namespace ? metadata.name : `${metadata.namespace}/${metadata.name}`,
  );
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: 'end', appendTo: menuPlace }}
      toggle={(toggle) => (
        <MenuToggle ref={toggle} isExpanded={isOpen} onClick={() => setOpen((last) => !last)}>
          {t('card.add')}
        </MenuToggle>
      )}
    >
      <DropdownList>
        {names.map((name) => (
          <DropdownItem key={name} onClick={() => onAdd(name)}>
            {name}
          </DropdownItem>
        ))}
        <DropdownItem onClick={() => navigate('/networks')}>{t('card.manage')}</DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}
