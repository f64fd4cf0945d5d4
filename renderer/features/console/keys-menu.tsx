// Owns the menu of key combinations that the desktop would keep for itself.
// Must not send them.
import { Divider, Dropdown, DropdownGroup, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type KeyCombination, offeredCombinations, parseCombination } from './key-combinations.ts';

export interface KeysMenuProps {
  readonly isDisabled: boolean;
  readonly own: readonly string[];
  readonly onPress: (combination: KeyCombination) => void;
  readonly onOwn: () => void;
}

export function KeysMenu({ isDisabled, own, onPress, onOwn }: KeysMenuProps) {
  const { t } = useTranslation('console');
  const [open, setOpen] = useState(false);
  const groups = [...offeredCombinations, own.flatMap((label) => parseCombination(label) ?? [])].filter((group) => group.length > 0);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      isScrollable
      // In full screen nothing outside of the screen's element is drawn.
      popperProps={{ appendTo: 'inline', position: 'end' }}
      toggle={(toggle) => (
        <MenuToggle ref={toggle} variant="plainText" isDisabled={isDisabled} isExpanded={open} onClick={() => setOpen((last) => !last)}>
          {t('keys.open')}
        </MenuToggle>
      )}
    >
      {groups.map((group, index) => (
        <Fragment key={group[0]!.label}>
          {index > 0 && <Divider />}
          <DropdownGroup label={index === offeredCombinations.length ? t('keys.own') : undefined}>
            <DropdownList>
              {group.map((combination) => (
                <DropdownItem key={combination.label} onClick={() => onPress(combination)}>
                  {combination.label}
                </DropdownItem>
              ))}
            </DropdownList>
          </DropdownGroup>
        </Fragment>
      ))}
      <Divider />
      <DropdownList>
        <DropdownItem onClick={onOwn}>{t('keys.other')}</DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}
