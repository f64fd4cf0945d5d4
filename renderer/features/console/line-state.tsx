// Owns saying how the line of a console is, and trying again at once.
// Must not reconnect by itself; the session does.
import { Button, Flex, FlexItem, Label, Spinner } from '@patternfly/react-core';
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { ExclamationTriangleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { useTranslation } from 'react-i18next';
import type { ConsoleState } from './reconnect.ts';

export interface LineStateProps {
  readonly state: ConsoleState;
  readonly onReconnect: () => void;
}

export function LineState({ state, onReconnect }: LineStateProps) {
  const { t } = useTranslation('console');
  switch (state.type) {
    case 'connected':
      return (
        <Label isCompact variant="outline" status="success" icon={<CheckCircleIcon />}>
          {t('line.connected')}
        </Label>
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
