// Owns putting a machine on one of the networks that there are.
// Must not make networks; the page of networks does.
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useList } from '../../client/hooks.ts';
import { menuPlace } from '../../ui/menu-place.ts';
import { isFunctionNetwork } from '../../ui/network-plugin.ts';
import type { NewCard } from './card-edits.ts';

export interface AddCardMenuProps {
  readonly namespace: string;
  /** As a machine of that project names the network. */
  readonly onAdd: (card: NewCard) => void;
}

export function AddCardMenu({ namespace, onAdd }: AddCardMenuProps) {
  const { t } = useTranslation('networks');
  const [isOpen, setOpen] = useState(false);
  const [, navigate] = useLocation();
  const cards = useList('network-attachment-definitions.k8s.cni.cncf.io').items.map(({ metadata, spec }): NewCard => ({
    networkName: metadata.namespace === namespace ? metadata.name : `${metadata.namespace}/${metadata.name}`,
    binding: isFunctionNetwork({ spec }) ? 'sriov' : 'bridge',
  }));
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
        {cards.map((card) => (
          <DropdownItem
            key={card.networkName}
            description={card.binding === 'sriov' ? t('card.sriov') : undefined}
            onClick={() => onAdd(card)}
          >
            {card.networkName}
          </DropdownItem>
        ))}
        <DropdownItem onClick={() => navigate('/networks')}>{t('card.manage')}</DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}
