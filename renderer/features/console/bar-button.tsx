// Owns a button of a console's bar that shows only a picture: its name is in the tooltip and for screen readers.
// Must not act.
import { Button, Tooltip } from '@patternfly/react-core';
import type { ReactElement } from 'react';

export interface BarButtonProps {
  readonly label: string;
  readonly icon: ReactElement;
  readonly isDisabled?: boolean;
  readonly isPressed?: boolean;
  readonly onClick: () => void;
}

export function BarButton({ label, icon, isDisabled, isPressed, onClick }: BarButtonProps) {
  return (
    <Tooltip content={label} aria="none">
      <Button variant="plain" icon={icon} aria-label={label} aria-pressed={isPressed} isAriaDisabled={isDisabled} onClick={onClick} />
    </Tooltip>
  );
}
