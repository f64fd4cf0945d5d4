// Owns how each group of statuses looks: colour and icon.
// Must not decide the status.
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { ExclamationCircleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { InProgressIcon } from '@patternfly/react-icons/dist/esm/icons/in-progress-icon';
import { OffIcon } from '@patternfly/react-icons/dist/esm/icons/off-icon';
import { PauseCircleIcon } from '@patternfly/react-icons/dist/esm/icons/pause-circle-icon';
import type { ReactElement } from 'react';
import type { StatusGroup } from './machine-status.ts';

export interface StatusLook {
  readonly color: 'green' | 'blue' | 'red' | 'grey';
  readonly icon: ReactElement;
}

export const statusLooks: Readonly<Record<StatusGroup, StatusLook>> = {
  running: { color: 'green', icon: <CheckCircleIcon /> },
  paused: { color: 'blue', icon: <PauseCircleIcon /> },
  changing: { color: 'blue', icon: <InProgressIcon /> },
  problem: { color: 'red', icon: <ExclamationCircleIcon /> },
  stopped: { color: 'grey', icon: <OffIcon /> },
};
