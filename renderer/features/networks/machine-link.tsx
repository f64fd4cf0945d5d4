// Owns the way from a network to a machine that is on it.
// Must not say anything of the machine but its name.
import { Link } from 'wouter';
import type { NetworkUser } from './network-view.ts';

export function MachineLink({ user: { namespace, name }, className }: { readonly user: NetworkUser; readonly className?: string }) {
  return (
    <Link href={`/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`} className={className}>
      {name}
    </Link>
  );
}
