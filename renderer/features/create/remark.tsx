// Owns a short remark with its weight, what to do, and a command to copy.
// Must not judge.
import { ClipboardCopy, Content, Flex, FlexItem, Icon } from '@patternfly/react-core';
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { ExclamationCircleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { ExclamationTriangleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { InfoCircleIcon } from '@patternfly/react-icons/dist/esm/icons/info-circle-icon';
import { useTranslation } from 'react-i18next';
import { useSentences } from '../../ui/sentences.tsx';

export type RemarkStatus = 'success' | 'info' | 'warning' | 'danger';

const icons = {
  success: <CheckCircleIcon />,
  info: <InfoCircleIcon />,
  warning: <ExclamationTriangleIcon />,
  danger: <ExclamationCircleIcon />,
} as const;

export interface RemarkProps {
  readonly status: RemarkStatus;
  readonly text: string;
  readonly more?: string | undefined;
  readonly command?: string | undefined;
}

export function Remark({ status, text, more, command }: RemarkProps) {
  const { t } = useTranslation('words');
  const say = useSentences();
  return (
    <Flex gap={{ default: 'gapSm' }} flexWrap={{ default: 'nowrap' }} alignItems={{ default: 'alignItemsFlexStart' }}>
      <FlexItem>
        <Icon status={status} isInline>
          {icons[status]}
        </Icon>
      </FlexItem>
      <FlexItem>
        <Content component="p" className="vd-tight">
          {say(text)}
          {more !== undefined && <> {say(more)}</>}
        </Content>
        {command !== undefined && (
          <ClipboardCopy isReadOnly hoverTip={t('copy')} clickTip={t('copied')} variant="inline-compact">
            {command}
          </ClipboardCopy>
        )}
      </FlexItem>
    </Flex>
  );
}
