// Owns reading the port forwards of a machine: what of this computer leads into the guest.
// Must not set them up.
import { annotations } from '../../../electron/api/annotations.ts';
import type { KubeObject } from '../../../electron/api/object.ts';

export interface PortForward {
  readonly name?: string;
  readonly protocol: 'tcp' | 'udp';
  readonly host: number;
  readonly guest: number;
}

/** Rows that are not port forwards are left out: the core refuses them with a cause of its own. */
export function portForwards(object: Pick<KubeObject, 'metadata'>): readonly PortForward[] {
  const text = object.metadata.annotations?.[annotations.portForwards];
  if (text === undefined) return [];
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) ? rows.filter(isWritten).map((row) => ({ ...row, protocol: row.protocol ?? 'tcp' })) : [];
  } catch {
    // Not JSON: the start check says so, with the field.
    return [];
  }
}

/** What to do with the port: an address to open, or a command to copy. */
export function forwardTarget(forward: PortForward, user: string | undefined): { readonly href?: string; readonly command?: string } {
  const { host, guest, protocol } = forward;
  if (protocol !== 'tcp') return {};
  if (guest === 22) return { command: `ssh -p ${host} ${user === undefined ? '' : `${user}@`}localhost` };
  if (guest === 80 || guest === 8080 || guest === 3000 || guest === 8000) return { href: `http://localhost:${host}/` };
  if (guest === 443 || guest === 8443) return { href: `https://localhost:${host}/` };
  return {};
}

/** As it is written: the protocol may be left out. */
type Written = Omit<PortForward, 'protocol'> & { readonly protocol?: PortForward['protocol'] };

function isWritten(row: unknown): row is Written {
  if (typeof row !== 'object' || row === null) return false;
  const { host, guest, protocol } = row as Partial<Record<keyof PortForward, unknown>>;
  return isPort(host) && isPort(guest) && (protocol === undefined || protocol === 'tcp' || protocol === 'udp');
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}
