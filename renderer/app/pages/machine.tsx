// Owns the address /machines/NAMESPACE/NAME/TAB: a machine's page, put together from the features that show parts of it.
// Must not hold any part itself.
import { lazy } from 'react';
import { useParams } from 'wouter';
import { useIsComputer } from '../../client/context.tsx';
import { EventsAndChanges } from '../../features/events/events-and-changes.tsx';
import { MachineEvents } from '../../features/events/machine-events.tsx';
import { Revisions } from '../../features/history/revisions.tsx';
import { MachinePage, type MachineSlots } from '../../features/machines/machine-page.tsx';

// Terminal, screen and editor are the heavy parts of the window: only who opens them loads them.
const ConsoleTab = lazy(async () => ({ default: (await import('../../features/console/console-tab.tsx')).ConsoleTab }));
const ObjectYaml = lazy(() => import('../object-yaml.tsx'));

const shownAllEvents = 300;
const shownActivity = 5;

const slots: MachineSlots = {
  console: ({ namespace, name }) => <ConsoleTab namespace={namespace} name={name} />,
  yaml: ({ vm }) => <ObjectYaml resource="virtualmachines.kubevirt.io" object={vm} />,
  events: ({ namespace, name }) => <Events namespace={namespace} name={name} />,
  activity: ({ namespace, name }) => <MachineEvents namespace={namespace} name={name} limit={shownActivity} headingLevel="h3" />,
};

/** Only this computer keeps what was changed. */
function Events({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const isComputer = useIsComputer();
  return (
    <EventsAndChanges
      events={<MachineEvents namespace={namespace} name={name} limit={shownAllEvents} headingLevel="h2" />}
      changes={isComputer ? <Revisions resource="virtualmachines.kubevirt.io" namespace={namespace} name={name} /> : undefined}
    />
  );
}

export default function Machine() {
  const { namespace, name, tab } = useParams<{ namespace: string; name: string; tab?: string }>();
  return <MachinePage key={`${namespace}/${name}`} namespace={namespace} name={name} tab={tab} slots={slots} />;
}
