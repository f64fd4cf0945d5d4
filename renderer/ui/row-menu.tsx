// Owns the menu at the end of a table's row: named after what it acts on, since a table has many of them.
// Must not be used inside dialogs; PatternFly puts those menus where they belong.
import { MenuToggle } from '@patternfly/react-core';
import { EllipsisVIcon } from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { ActionsColumn, type IAction } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { menuPlace } from './menu-place.ts';

export interface RowMenuProps {
  /** Of what the row shows. */
  readonly name: string;
  readonly items: readonly IAction[];
}

export function RowMenu({ name, items }: RowMenuProps) {
  const { t } = useTranslation('words');
  return (
    <ActionsColumn
      items={[...items]}
      popperProps={{ position: 'end', appendTo: menuPlace }}
      // PatternFly's own button is called "Kebab toggle", whatever name the column is given.
      actionsToggle={({ onToggle, isOpen, isDisabled, toggleRef }) => (
        <MenuToggle
          ref={toggleRef}
          variant="plain"
          icon={<EllipsisVIcon />}
          aria-label={t('actionsOf', { name })}
          isExpanded={isOpen}
          isDisabled={isDisabled}
          onClick={onToggle}
        />
      )}
    />
  );
}
