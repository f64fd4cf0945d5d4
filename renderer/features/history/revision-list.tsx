// Owns changes as a list: who, what, when, with the difference, undo and restore.
// Must not fetch the list.
import {
  ActionList,
  ActionListGroup,
  ActionListItem,
  Button,
  DataList,
  DataListAction,
  DataListCell,
  DataListContent,
  DataListItem,
  DataListItemCells,
  DataListItemRow,
  EmptyState,
  EmptyStateBody,
  Skeleton,
  Tooltip,
} from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Moment } from '../../ui/moment.tsx';
import { type RevisionRow, shortField, valueText } from './revision-row.ts';
import { type Taken, useTakeBack } from './use-take-back.ts';

// The comparison brings the editor with it: only who opens one loads it.
const RevisionDiff = lazy(async () => ({ default: (await import('./revision-diff.tsx')).RevisionDiff }));

export interface RevisionListProps {
  readonly rows: readonly RevisionRow[];
  /** Says of what, too. */
  readonly showObject: boolean;
}

export function RevisionList({ rows, showObject }: RevisionListProps) {
  const { t } = useTranslation('history');
  const taken = useTakeBack();
  if (rows.length === 0) {
    return (
      <EmptyState variant="xs" titleText={t('emptyTitle')} headingLevel="h2">
        <EmptyStateBody>{t('emptyBody')}</EmptyStateBody>
      </EmptyState>
    );
  }
  return (
    <DataList isCompact aria-label={t('title')} gridBreakpoint="none">
      {rows.map((row) => (
        <Item key={row.id} row={row} showObject={showObject} taken={taken} />
      ))}
    </DataList>
  );
}

interface ItemProps {
  readonly row: RevisionRow;
  readonly showObject: boolean;
  readonly taken: Taken;
}

function Item({ row, showObject, taken }: ItemProps) {
  const { t } = useTranslation(['history', 'words']);
  const [open, setOpen] = useState(false);
  const { id, operation, who, at, kind, name } = row;
  return (
    <DataListItem aria-labelledby={`revision-${id}`} isExpanded={open}>
      <DataListItemRow>
        <DataListItemCells
          dataListCells={[
            <DataListCell key="text" width={5}>
              <span id={`revision-${id}`}>
                <strong>{t(`history:operation.${operation}`)}</strong>{' '}
                {showObject && <span>{`${t(`history:kind.${kind}`, kind)} ${name} `}</span>}
                <span className="vd-subtle">{t('history:by', { who })}</span>
              </span>
              <Fields row={row} />
            </DataListCell>,
            <DataListCell key="time" alignRight wrapModifier="nowrap">
              <Moment time={at} />
            </DataListCell>,
          ]}
        />
        <DataListAction aria-labelledby={`revision-${id}`} id={`revision-${id}-actions`} aria-label={t('history:actions')}>
          <Actions row={row} taken={taken} open={open} onToggle={() => setOpen(!open)} />
        </DataListAction>
      </DataListItemRow>
      <DataListContent aria-label={t('history:difference')} isHidden={!open} id={`revision-${id}-diff`}>
        {open && (
          <Suspense fallback={<Skeleton height="8rem" screenreaderText={t('words:loading')} />}>
            <RevisionDiff id={id} />
          </Suspense>
        )}
      </DataListContent>
    </DataListItem>
  );
}

const shownFields = 4;

function Fields({ row: { changes } }: { readonly row: RevisionRow }) {
  const { t } = useTranslation('history');
  const more = changes.length - shownFields;
  return (
    <>
      {changes.slice(0, shownFields).map((change) => (
        <div key={change.field}>
          <code>{shortField(change.field)}</code> {valueText(change)}
        </div>
      ))}
      {more > 0 && <div className="vd-subtle">{t('moreFields', { count: more })}</div>}
    </>
  );
}

interface ActionsProps {
  readonly row: RevisionRow;
  readonly taken: Taken;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Actions({ row, taken, open, onToggle }: ActionsProps) {
  const { t } = useTranslation('history');
  const { id, undoRefused } = row;
  const isBusy = taken.busy === id;
  const undo = (
    <Button
      variant="secondary"
      size="sm"
      isAriaDisabled={undoRefused !== undefined || isBusy}
      onClick={() => void taken.takeBack('undo', row)}
    >
      {t('undo')}
    </Button>
  );
  const canRestore = undoRefused?.reason === 'ChangedSince' || undoRefused?.reason === 'AlreadyUndone' || undoRefused?.reason === 'Gone';
  return (
    <ActionList>
      <ActionListGroup>
        <ActionListItem>
          <Button variant="link" size="sm" aria-expanded={open} aria-controls={`revision-${id}-diff`} onClick={onToggle}>
            {t(open ? 'hideDifference' : 'showDifference')}
          </Button>
        </ActionListItem>
        {canRestore && (
          <ActionListItem>
            <Button variant="link" size="sm" isDisabled={isBusy} onClick={() => void taken.takeBack('restore', row)}>
              {t('restore')}
            </Button>
          </ActionListItem>
        )}
        <ActionListItem>
          {undoRefused === undefined ? undo : <Tooltip content={t(`refused.${undoRefused.reason}`, undoRefused.message)}>{undo}</Tooltip>}
        </ActionListItem>
      </ActionListGroup>
    </ActionList>
  );
}
