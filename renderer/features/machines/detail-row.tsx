// Owns one row "term: value", with a pencil when it can be edited.
// Must not hold what is edited.
import { Button, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm, Tooltip } from '@patternfly/react-core';
import { PencilAltIcon } from '@patternfly/react-icons/dist/esm/icons/pencil-alt-icon';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface RowProps {
  readonly term: string;
  /** Nothing, or an empty text, is shown as a dash. */
  readonly children?: ReactNode;
  readonly onEdit?: () => void;
  /** Why it cannot be edited now. */
  readonly lockedReason?: string;
}

export function Row({ term, children, onEdit, lockedReason }: RowProps) {
  const { t } = useTranslation('machines');
  const isEmpty = children === undefined || children === null || children === false || children === '';
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>
        {isEmpty ? <span className="vd-subtle">–</span> : children}
        {onEdit !== undefined && <Pencil label={t('detail.edit', { term })} onEdit={onEdit} lockedReason={lockedReason} />}
      </DescriptionListDescription>
    </DescriptionListGroup>
  );
}

function Pencil({ label, onEdit, lockedReason }: { readonly label: string; readonly onEdit: () => void; readonly lockedReason?: string }) {
  const button = (
    <Button
      variant="plain"
      size="sm"
      icon={<PencilAltIcon />}
      aria-label={label}
      isAriaDisabled={lockedReason !== undefined}
      onClick={lockedReason === undefined ? onEdit : undefined}
    />
  );
  return lockedReason === undefined ? button : <Tooltip content={lockedReason}>{button}</Tooltip>;
}
