// Owns the buttons under a step. *Next* can always be pressed: when something is wrong it says what, at the field.
// Must not know any step's fields.
import { ActionList, ActionListGroup, ActionListItem, Button, WizardFooterWrapper } from '@patternfly/react-core';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';

export interface StepFooterProps {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isWorking: boolean;
  readonly onBack: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly onNext: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly onCancel: () => void;
}

export function StepFooter({ isFirst, isLast, isWorking, onBack, onNext, onCancel }: StepFooterProps) {
  const { t } = useTranslation('create');
  return (
    <WizardFooterWrapper>
      <ActionList>
        <ActionListGroup>
          <ActionListItem>
            <Button variant="secondary" isDisabled={isFirst || isWorking} onClick={onBack}>
              {t('back')}
            </Button>
          </ActionListItem>
          <ActionListItem>
            <Button variant="primary" isLoading={isWorking} isDisabled={isWorking} onClick={onNext}>
              {isLast ? t('create') : t('next')}
            </Button>
          </ActionListItem>
        </ActionListGroup>
        <ActionListGroup>
          <ActionListItem>
            <Button variant="link" isDisabled={isWorking} onClick={onCancel}>
              {t('cancel', { ns: 'words' })}
            </Button>
          </ActionListItem>
        </ActionListGroup>
      </ActionList>
    </WizardFooterWrapper>
  );
}
