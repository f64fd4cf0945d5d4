// Owns what to do with the selected machines.
// Must not act on machines that the filter hides without saying how many there are.
import { Button, Dropdown, MenuToggle, type MenuToggleElement, ToolbarGroup, ToolbarItem, Tooltip } from '@patternfly/react-core';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { menuPlace } from '../../ui/menu-place.ts';
import { ActionList } from './action-list.tsx';
import type { Action, ActionId } from './actions.ts';

export interface BulkBarProps {
  readonly count: number;
  readonly actions: readonly Action[];
  readonly onClear: () => void;
}

/** One press where there is room; the menu has them all. */
const direct: readonly ActionId[] = ['start', 'stop'];

export function BulkBar({ count, actions, onClear }: BulkBarProps) {
  const { t } = useTranslation('machines');
  const [open, setOpen] = useState(false);
  return (
    <ToolbarGroup variant="action-group" aria-label={t('bulk.label')} role="group">
      <ToolbarItem alignSelf="center">{t('bulk.selected', { count })}</ToolbarItem>
      {actions
        .filter(({ id }) => direct.includes(id))
        .map((action) => (
          <ToolbarItem key={action.id} className="vd-wide-only">
            <BulkButton action={action} />
          </ToolbarItem>
        ))}
      <ToolbarItem>
        <Dropdown
          isOpen={open}
          onOpenChange={setOpen}
          onSelect={() => setOpen(false)}
          popperProps={{ appendTo: menuPlace }}
          toggle={(ref: Ref<MenuToggleElement>) => (
            <MenuToggle ref={ref} isExpanded={open} onClick={() => setOpen(!open)}>
              {t('column.actions')}
            </MenuToggle>
          )}
        >
          <ActionList actions={actions} />
        </Dropdown>
      </ToolbarItem>
      <ToolbarItem>
        <Button variant="link" onClick={onClear}>
          {t('bulk.clear')}
        </Button>
      </ToolbarItem>
    </ToolbarGroup>
  );
}

function BulkButton({ action }: { readonly action: Action }) {
  const button = (
    <Button variant="secondary" isAriaDisabled={action.disabledReason !== undefined} onClick={action.run}>
      {action.label}
    </Button>
  );
  return action.disabledReason === undefined ? button : <Tooltip content={action.disabledReason}>{button}</Tooltip>;
}
