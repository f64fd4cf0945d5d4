// Owns a card that can be chosen among others, by mouse and by arrow keys: it is a radio button.
// Must not know what it stands for.
import { Card, CardBody, CardHeader, CardTitle, Flex, FlexItem, Icon } from '@patternfly/react-core';
import type { ReactNode } from 'react';

export interface ChoiceCardProps {
  /** Unique in the page. */
  readonly id: string;
  /** Cards of one group share it. */
  readonly group: string;
  readonly title: string;
  readonly icon?: ReactNode;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function ChoiceCard({ id, group, title, icon, isSelected, onSelect, children }: ChoiceCardProps) {
  const titleId = `${id}-title`;
  return (
    <Card id={id} isSelectable isSelected={isSelected} isCompact isFullHeight>
      <CardHeader
        selectableActions={{
          selectableActionId: `${id}-choice`,
          selectableActionAriaLabelledby: titleId,
          name: group,
          variant: 'single',
          onChange: onSelect,
        }}
      >
        <CardTitle id={titleId}>
          <Flex gap={{ default: 'gapSm' }} flexWrap={{ default: 'nowrap' }}>
            {icon !== undefined && (
              <FlexItem>
                <Icon isInline>{icon}</Icon>
              </FlexItem>
            )}
            <FlexItem>{title}</FlexItem>
          </Flex>
        </CardTitle>
      </CardHeader>
      <CardBody>{children}</CardBody>
    </Card>
  );
}
