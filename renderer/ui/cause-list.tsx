// Owns showing reasons: the sentence, the field, what to do, and the button that does it.
// Must not know where the reasons come from.
import { Button, Flex, FlexItem, Icon, List, ListItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useSentences } from './sentences.tsx';

export interface CauseRow {
  readonly message: string;
  readonly field?: string;
  readonly fix?: string;
  readonly buttons?: readonly { readonly label: string; readonly onPress: () => void }[];
}

export interface CauseListProps {
  readonly causes: readonly CauseRow[];
  readonly icon?: ReactNode;
  readonly status?: 'success' | 'warning' | 'danger';
}

export function CauseList({ causes, icon, status }: CauseListProps) {
  return (
    <List isPlain className="vd-causes">
      {causes.map((cause, index) => (
        <ListItem key={`${cause.field}-${index}`}>
          <Flex gap={{ default: 'gapSm' }} flexWrap={{ default: 'nowrap' }} alignItems={{ default: 'alignItemsFlexStart' }}>
            {icon !== undefined && (
              <FlexItem>
                <Icon status={status} isInline>
                  {icon}
                </Icon>
              </FlexItem>
            )}
            <FlexItem>
              <CauseText cause={cause} />
            </FlexItem>
          </Flex>
        </ListItem>
      ))}
    </List>
  );
}

function CauseText({ cause }: { readonly cause: CauseRow }) {
  const { message, field, fix, buttons = [] } = cause;
  const say = useSentences();
  return (
    <div className="vd-cause">
      <p>
        {say(message)}
        {fix !== undefined && <> {say(fix)}</>}
      </p>
      {field !== undefined && field !== '' && <p className="vd-field">{field}</p>}
      {buttons.length > 0 && (
        <Flex columnGap={{ default: 'columnGapMd' }} rowGap={{ default: 'rowGapXs' }}>
          {buttons.map(({ label, onPress }) => (
            <Button key={label} variant="link" isInline onClick={onPress}>
              {say(label)}
            </Button>
          ))}
        </Flex>
      )}
    </div>
  );
}
