// Owns the address /machines.
// Must not hold the page itself.
import { MachinesPage } from '../../features/machines/machines-page.tsx';
import { FirstRun } from '../../features/overview/first-run.tsx';

export default function Machines() {
  return <MachinesPage empty={<FirstRun />} />;
}
