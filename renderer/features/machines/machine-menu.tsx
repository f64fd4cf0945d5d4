// Owns the menu of one row; there is one menu for the whole table.
// Must not be mounted open: PatternFly places only what it has seen closed.
import { Dropdown } from '@patternfly/react-core';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { menuPlace } from '../../ui/menu-place.ts';
import { ActionList } from './action-list.tsx';
import type { Action } from './actions.ts';

export interface MachineMenuProps {
  readonly actions: readonly Action[];
  /** The menu is open below it. Undefined: closed. */
  readonly button: HTMLButtonElement | undefined;
  readonly onClose: () => void;
}

export const MachineMenu = memo(function MachineMenu({ actions, button, onClose }: MachineMenuProps) {
  const { t } = useTranslation('machines');
  // The same object until another row's button: the popper places itself anew for every other one.
  const toggle = useMemo(() => ({ toggleNode: <span hidden />, toggleRef: { current: button ?? null } }), [button]);
  return (
    <Dropdown
      isOpen={button !== undefined}
      onOpenChange={(open) => !open && onClose()}
      onSelect={onClose}
      shouldFocusFirstItemOnOpen
      shouldFocusToggleOnSelect
      popperProps={{ position: 'end', appendTo: menuPlace }}
      toggle={toggle}
      aria-label={t('column.actions')}
    >
      <ActionList actions={actions} />
    </Dropdown>
  );
});
