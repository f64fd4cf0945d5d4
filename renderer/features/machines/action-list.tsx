// Owns actions as menu items; one that cannot be done says why.
// Must not leave an action out because it is off.
import { Divider, DropdownItem, DropdownList } from '@patternfly/react-core';
import type { Action } from './actions.ts';

export function ActionList({ actions }: { readonly actions: readonly Action[] }) {
  const firstDanger = actions.find((action) => action.isDanger);
  return (
    <DropdownList>
      {actions.map((action) => [
        action === firstDanger && action !== actions[0] && <Divider key="divider" component="li" />,
        <DropdownItem
          key={action.id}
          isDanger={action.isDanger && action.disabledReason === undefined}
          isAriaDisabled={action.disabledReason !== undefined}
          description={action.disabledReason}
          onClick={action.disabledReason === undefined ? action.run : undefined}
        >
          {action.label}
        </DropdownItem>,
      ])}
    </DropdownList>
  );
}
