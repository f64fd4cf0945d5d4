// Owns the address /console/NAMESPACE/NAME: a console in a window of its own.
// Must not hold the console.
import { useParams } from 'wouter';
import { ConsoleWindow } from '../../features/console/console-window.tsx';

export default function Console() {
  const { namespace, name } = useParams<{ namespace: string; name: string }>();
  return <ConsoleWindow namespace={namespace} name={name} />;
}
