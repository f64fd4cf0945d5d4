// Owns the address /machines/NAMESPACE/NAME/TAB: a machine's page, put together from the features that show parts of it.
// Must not hold any part itself.
import { useMemo } from 'react';
import { useParams } from 'wouter';
import { MachineEvents } from '../../features/events/machine-events.tsx';
import { MachinePage, type MachineSlots } from '../../features/machines/machine-page.tsx';

const shownAllEvents = 300;
const shownActivity = 5;

export default function Machine() {
  const { namespace, name, tab } = useParams<{ namespace: string; name: string; tab?: string }>();
  const slots = useMemo<MachineSlots>(
    () => ({
      console: () => null,
      yaml: () => null,
      events: (machine) => <MachineEvents namespace={machine.namespace} name={machine.name} limit={shownAllEvents} />,
      activity: (machine) => <MachineEvents namespace={machine.namespace} name={machine.name} limit={shownActivity} />,
    }),
    [],
  );
  return <MachinePage key={`${namespace}/${name}`} namespace={namespace} name={name} tab={tab} slots={slots} />;
}
