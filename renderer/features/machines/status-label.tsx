// Owns how a machine's status looks: colour, icon and word.
// Must not decide the status.
import { Label, type LabelProps } from '@patternfly/react-core';
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { ExclamationCircleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { InProgressIcon } from '@patternfly/react-icons/dist/esm/icons/in-progress-icon';
import { OffIcon } from '@patternfly/react-icons/dist/esm/icons/off-icon';
import { PauseCircleIcon } from '@patternfly/react-icons/dist/esm/icons/pause-circle-icon';
import { memo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { MachineStatus, StatusGroup } from './machine-status.ts';

interface Look {
  readonly color: LabelProps['color'];
  readonly icon: ReactElement;
}

const looks: Readonly<Record<StatusGroup, Look>> = {
  running: { color: 'green', icon: <CheckCircleIcon /> },
  paused: { color: 'blue', icon: <PauseCircleIcon /> },
  changing: { color: 'blue', icon: <InProgressIcon /> },
  problem: { color: 'red', icon: <ExclamationCircleIcon /> },
  stopped: { color: 'grey', icon: <OffIcon /> },
};

export const StatusLabel = memo(function StatusLabel({
  status,
  isCompact = false,
}: {
  readonly status: MachineStatus;
  readonly isCompact?: boolean;
}) {
  const { t } = useTranslation('machines');
  const { color, icon } = looks[status.group];
  return (
    <Label color={color} icon={icon} isCompact={isCompact}>
      {t(`status.${status.id}`)}
    </Label>
  );
});
