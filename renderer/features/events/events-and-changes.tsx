// Owns the choice between what happened and what was changed, on the events page and on a machine's events tab.
// Must not know either list.
import { Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface EventsAndChangesProps {
  readonly events: ReactNode;
  /** Absent where nobody keeps them. */
  readonly changes: ReactNode | undefined;
}

export function EventsAndChanges({ events, changes }: EventsAndChangesProps) {
  const { t } = useTranslation(['events', 'history']);
  const [shown, setShown] = useState<'events' | 'changes'>('events');
  if (changes === undefined) return events;
  return (
    <Tabs
      isSubtab
      activeKey={shown}
      onSelect={(_event, key) => setShown(key === 'changes' ? 'changes' : 'events')}
      mountOnEnter
      unmountOnExit
    >
      <Tab eventKey="events" title={<TabTitleText>{t('events:title')}</TabTitleText>}>
        {events}
      </Tab>
      <Tab eventKey="changes" title={<TabTitleText>{t('history:title')}</TabTitleText>}>
        {changes}
      </Tab>
    </Tabs>
  );
}
