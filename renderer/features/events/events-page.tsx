// Owns the page of all events, and of all changes.
// Must not keep what the core has forgotten.
import {
  Alert,
  PageSection,
  SearchInput,
  Skeleton,
  Title,
  ToggleGroup,
  ToggleGroupItem,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectList } from '../../client/project.tsx';
import { EventList } from './event-list.tsx';
import { EventsAndChanges } from './events-and-changes.tsx';
import { type EventFilter, eventRows, filterEvents } from './event-row.ts';

/** A screenful many times over; the search finds the rest. */
const shownAtOnce = 300;

export function EventsPage({ changes }: { readonly changes: ReactNode | undefined }) {
  const { t } = useTranslation('events');
  return (
    <PageSection isFilled>
      <Title headingLevel="h1" className="vd-page-title">
        {t('title')}
      </Title>
      <EventsAndChanges events={<AllEvents />} changes={changes} />
    </PageSection>
  );
}

function AllEvents() {
  const { t } = useTranslation('events');
  const { phase, items, error } = useProjectList('events');
  const [filter, setFilter] = useState<EventFilter>({ query: '', type: 'all' });
  const rows = useMemo(() => eventRows(items), [items]);
  const shown = useMemo(() => filterEvents(rows, filter), [rows, filter]);
  return (
    <>
      <Toolbar inset={{ default: 'insetNone' }}>
        <ToolbarContent>
          <ToolbarItem>
            <SearchInput
              value={filter.query}
              onChange={(_event, query) => setFilter({ ...filter, query })}
              onClear={() => setFilter({ ...filter, query: '' })}
              placeholder={t('search')}
              aria-label={t('search')}
            />
          </ToolbarItem>
          <ToolbarItem>
            <ToggleGroup aria-label={t('filter')}>
              <ToggleGroupItem text={t('all')} isSelected={filter.type === 'all'} onChange={() => setFilter({ ...filter, type: 'all' })} />
              <ToggleGroupItem
                text={t('warnings')}
                isSelected={filter.type === 'warnings'}
                onChange={() => setFilter({ ...filter, type: 'warnings' })}
              />
            </ToggleGroup>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      {phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('failed')}>
          {error?.message}
        </Alert>
      )}
      {phase === 'loading' && <Skeleton height="16rem" screenreaderText={t('loading', { ns: 'words' })} />}
      {phase === 'ready' && <EventList rows={shown} showObject limit={shownAtOnce} headingLevel="h2" />}
    </>
  );
}
