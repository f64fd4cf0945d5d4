// Owns a start check as it is shown: what blocks, what will be different, what is fine, what it takes.
// Must not judge, or know what is pressed.
import { Content, ExpandableSection, Stack, StackItem } from '@patternfly/react-core';
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { ExclamationCircleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { ExclamationTriangleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import type { ReactNode } from 'react';
import type { StartCheck } from '../../electron/api/start-check.ts';
import { CauseList, type CauseRow } from './cause-list.tsx';
import { ChargeSection } from './charge-list.tsx';

export interface CheckAnswerProps {
  readonly check: StartCheck;
  /** In a few words, above all. */
  readonly verdict: ReactNode;
  readonly causes: readonly CauseRow[];
  readonly warnings: readonly CauseRow[];
  /** Above the warnings. */
  readonly different?: string;
  /** What unfolds what is fine. */
  readonly fine: string;
  readonly children?: ReactNode;
}

export function CheckAnswer({ check: { passed, charge }, verdict, causes, warnings, different, fine, children }: CheckAnswerProps) {
  return (
    <Stack hasGutter>
      <StackItem>{verdict}</StackItem>
      {causes.length > 0 && (
        <StackItem>
          <CauseList causes={causes} icon={<ExclamationCircleIcon />} status="danger" />
        </StackItem>
      )}
      {warnings.length > 0 && (
        <StackItem>
          {different !== undefined && <Content component="h2">{different}</Content>}
          <CauseList causes={warnings} icon={<ExclamationTriangleIcon />} status="warning" />
        </StackItem>
      )}
      {passed.length > 0 && (
        <StackItem>
          <ExpandableSection toggleText={fine} isIndented>
            <CauseList causes={passed.map((message) => ({ message }))} icon={<CheckCircleIcon />} status="success" />
          </ExpandableSection>
        </StackItem>
      )}
      {charge !== undefined && (
        <StackItem>
          <ChargeSection charge={charge} />
        </StackItem>
      )}
      {children}
    </Stack>
  );
}
