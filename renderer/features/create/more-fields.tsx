// Owns fields that are folded away at first.
// Must not fold away anything that is wrong: it opens by itself then.
import { ExpandableSection } from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';

export interface MoreFieldsProps {
  readonly label: string;
  /** What is chosen inside: it need not be unfolded to be read. */
  readonly chosen?: string;
  /** One of the fields has a problem. */
  readonly isWrong: boolean;
  readonly children: ReactNode;
}

export function MoreFields({ label, chosen, isWrong, children }: MoreFieldsProps) {
  const [open, setOpen] = useState(false);
  const shown = open || isWrong;
  return (
    <ExpandableSection
      toggleText={chosen === undefined ? label : `${label}: ${chosen}`}
      isIndented
      isExpanded={shown}
      onToggle={() => setOpen(!shown)}
    >
      <div className="vd-fields">{children}</div>
    </ExpandableSection>
  );
}
