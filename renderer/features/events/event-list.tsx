// Owns events as a list: what, about whom, when, how often.
// Must not fetch.
import {
  DataList,
  DataListCell,
  DataListItem,
  DataListItemCells,
  DataListItemRow,
  EmptyState,
  EmptyStateBody,
  ExpandableSection,
  Icon,
  Label,
} from '@patternfly/react-core';
import { ExclamationTriangleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { InfoCircleIcon } from '@patternfly/react-icons/dist/esm/icons/info-circle-icon';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Moment } from '../../ui/moment.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import type { EventRow } from './event-row.ts';

const EvidencePanel = lazy(() => import('./evidence-panel.tsx').then((file) => ({ default: file.EvidencePanel })));

export interface EventListProps {
  readonly rows: readonly EventRow[];
  /** Says about whom, too. */
  readonly showObject: boolean;
  /** More are left out, and counted. */
  readonly limit: number;
  /** Of the heading when there is none: one below that of the place. */
  readonly headingLevel: 'h2' | 'h3';
}

export function EventList({ rows, showObject, limit, headingLevel }: EventListProps) {
  const { t } = useTranslation('events');
  if (rows.length === 0) {
    return (
      <EmptyState variant="xs" titleText={t('emptyTitle')} headingLevel={headingLevel}>
        <EmptyStateBody>{t('emptyBody')}</EmptyStateBody>
      </EmptyState>
    );
  }
  const left = rows.length - limit;
  return (
    <>
      <DataList isCompact aria-label={t('title')} gridBreakpoint="none">
        {rows.slice(0, limit).map((row) => (
          <Item key={row.id} row={row} showObject={showObject} />
        ))}
      </DataList>
      {left > 0 && <p className="vd-subtle">{t('more', { count: left })}</p>}
    </>
  );
}

function Item({ row, showObject }: { readonly row: EventRow; readonly showObject: boolean }) {
  const { t } = useTranslation('events');
  const say = useSentences();
  const { id, isWarning, reason, message, count, last } = row;
  return (
    <DataListItem aria-labelledby={`event-${id}`}>
      <DataListItemRow>
        <DataListItemCells
          dataListCells={[
            <DataListCell key="icon" isIcon>
              <Icon status={isWarning ? 'warning' : 'info'} title={t(isWarning ? 'warning' : 'normal')}>
                {isWarning ? <ExclamationTriangleIcon /> : <InfoCircleIcon />}
              </Icon>
            </DataListCell>,
            <DataListCell key="text" width={5}>
              <span id={`event-${id}`}>
                {showObject && <About row={row} />} <strong>{reason}</strong> {say(message)}
              </span>{' '}
              {count > 1 && (
                <Label isCompact variant="outline">
                  {t('times', { count })}
                </Label>
              )}
              <Evidence row={row} />
            </DataListCell>,
            <DataListCell key="time" alignRight wrapModifier="nowrap">
              <Moment time={last} />
            </DataListCell>,
          ]}
        />
      </DataListItemRow>
    </DataListItem>
  );
}

/** Fetched when somebody looks. */
function Evidence({ row }: { readonly row: EventRow }) {
  const { t } = useTranslation('events');
  const [isOpen, setOpen] = useState(false);
  const { evidence, namespace, name } = row;
  if (evidence === undefined || namespace === undefined) return null;
  return (
    <ExpandableSection toggleText={t('evidence')} isExpanded={isOpen} onToggle={(_event, open) => setOpen(open)}>
      {isOpen && (
        <Suspense>
          <EvidencePanel machine={{ namespace, name }} id={evidence} />
        </Suspense>
      )}
    </ExpandableSection>
  );
}

const machineKinds = ['VirtualMachine', 'VirtualMachineInstance'];

function About({ row }: { readonly row: EventRow }) {
  const { kind, namespace, name } = row;
  if (!machineKinds.includes(kind) || namespace === undefined) return <span className="vd-subtle">{`${kind} ${name}`}</span>;
  return <Link href={`/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`}>{name}</Link>;
}
