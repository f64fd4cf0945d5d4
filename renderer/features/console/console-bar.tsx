// Owns the bar above a console: how the line is at the left, what can be done at the right.
// Must not know which console it is.
import { Flex } from '@patternfly/react-core';
import type { ReactNode, Ref } from 'react';

export interface ConsoleBarProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly state: ReactNode;
  readonly children: ReactNode;
}

export function ConsoleBar({ ref, state, children }: ConsoleBarProps) {
  return (
    <div ref={ref} className="vd-console-bar">
      <Flex alignItems={{ default: 'alignItemsCenter' }} columnGap={{ default: 'columnGapMd' }}>
        {state}
      </Flex>
      <Flex alignItems={{ default: 'alignItemsCenter' }} columnGap={{ default: 'columnGapXs' }} className="vd-console-actions">
        {children}
      </Flex>
    </div>
  );
}
