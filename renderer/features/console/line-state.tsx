// Owns saying how the line of a console is, and trying again at once.
// Must not reconnect by itself; the session does.
import { Button, Flex, FlexItem, Label, Spinner } from '@patternfly/react-core';
import { UsersIcon } from '@patternfly/react-icons/dist/esm/icons/users-icon';
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { ExclamationTriangleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { useTranslation } from 'react-i18next';
import type { ConsoleState } from './reconnect.ts';

export interface LineStateProps {
  readonly state: ConsoleState;
  /** How many are connected to this console, this window included. */
  readonly viewers: number;
  readonly onReconnect: () => void;
}

export function LineState({ state, viewers, onReconnect }: LineStateProps) {
  const { t } = useTranslation('console');
  switch (state.type) {
    case 'connected':
      return (
        <>
          <Label isCompact variant="outline" status="success" icon={<CheckCircleIcon />}>
            {t('line.connected')}
          </Label>
          <span role="status">
            {viewers > 1 && (
              <Label isCompact variant="outline" status="info" icon={<UsersIcon />}>
                {t('line.others', { count: viewers - 1 })}
              </Label>
            )}
          </span>
        </>
      );
    case 'connecting':
      return (
        <Label isCompact variant="outline" icon={<Spinner isInline aria-label={t('line.connecting')} />}>
          {t('line.connecting')}
        </Label>
      );
    case 'waiting':
      return (
        <Flex gap={{ default: 'gapSm' }} flexWrap={{ default: 'nowrap' }}>
          <FlexItem>
            <Label isCompact variant="outline" status="warning" icon={<ExclamationTriangleIcon />} textMaxWidth="24ch">
              {state.reason === '' ? t('line.lost') : t('line.lostBecause', { reason: state.reason })}
            </Label>
          </FlexItem>
          <FlexItem>
            <Button variant="link" isInline onClick={onReconnect}>
              {t('line.now')}
            </Button>
          </FlexItem>
        </Flex>
      );
  }
}
