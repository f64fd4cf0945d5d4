// Owns reading the port forwards of a machine: what of this computer leads into the guest, and what to do with it.
// Must not set them up.
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { KubeObject } from '../../../electron/api/object.ts';
import { hostPortFor } from '../../../electron/api/port-forward.ts';

export interface PortForward {
  readonly name?: string;
  readonly protocol: 'tcp' | 'udp';
  /** IPv4 address of this computer; the loopback when it is left out. */
  readonly address?: string;
  readonly host: number;
  readonly guest: number;
}

/** Those of the annotation, as a dialog edits them. Rows that are not port forwards are left out: the core refuses them with a cause of its own. */
export function writtenForwards(object: Pick<KubeObject, 'metadata'>): readonly PortForward[] {
  return forwardsIn(object.metadata.annotations);
}

type Described = Pick<VirtualMachineInstance['spec'], 'domain'> | undefined;

/** Of the run when there is one, since a change is for the next start; else of the definition. As core/qemu/port-forwards.ts reads them. */
export function portForwards(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): readonly PortForward[] {
  if (vmi !== undefined) return joined(forwardsIn(vmi.metadata.annotations), vmi.spec);
  const { metadata, spec } = vm.spec.template;
  const inTemplate: KubeObject['metadata']['annotations'] = metadata?.annotations;
  return joined(forwardsIn({ ...vm.metadata.annotations, ...inTemplate }), spec);
}

export type ForwardTarget =
  { readonly scheme: 'ssh'; readonly command: string } | { readonly scheme: 'http' | 'https'; readonly href: string };

const webPorts: ReadonlySet<number> = new Set([80, 3000, 5000, 8000, 8080, 8888, 9000]);
const secureWebPorts: ReadonlySet<number> = new Set([443, 8443, 9443]);

/** What to do with the port: a command to copy, or an address to open. The name says what runs there, else the guest's port. */
export function forwardTarget(forward: PortForward, user: string | undefined): ForwardTarget | undefined {
  const { host, guest, protocol } = forward;
  if (protocol !== 'tcp') return undefined;
  const name = forward.name?.toLowerCase() ?? '';
  const at = addressOf(forward);
  if (guest === 22 || name === 'ssh') return { scheme: 'ssh', command: `ssh -p ${host} ${user === undefined ? '' : `${user}@`}${at}` };
  if (secureWebPorts.has(guest) || name.startsWith('https')) return { scheme: 'https', href: `https://${at}:${host}/` };
  if (webPorts.has(guest) || name.startsWith('http') || name === 'web') return { scheme: 'http', href: `http://${at}:${host}/` };
  return undefined;
}

/** Where this computer itself reaches the port. */
export function addressOf({ address }: PortForward): string {
  return address === undefined || address === '0.0.0.0' || address.startsWith('127.') ? 'localhost' : address;
}

// It becomes part of a command that is pasted into a shell, and comes from a manifest of anybody.
const userName = /^[a-z_][a-z0-9_-]{0,31}$/;

export function guestUser({ metadata }: Pick<KubeObject, 'metadata'>): string | undefined {
  const name = metadata.annotations?.[annotations.guestUser];
  return name !== undefined && userName.test(name) ? name : undefined;
}

function joined(written: readonly PortForward[], spec: Described): readonly PortForward[] {
  const known = new Set(written.map(({ protocol, guest }) => `${protocol}/${guest}`));
  const listed = (spec?.domain.devices.interfaces ?? [])
    .flatMap(({ ports = [] }) => ports)
    .map(({ name, port, protocol }): PortForward => ({
      ...(name === undefined ? {} : { name }),
      protocol: protocol?.toLowerCase() === 'udp' ? 'udp' : 'tcp',
      host: hostPortFor(port),
      guest: port,
    }));
  return [...written, ...listed.filter(({ protocol, guest }) => !known.has(`${protocol}/${guest}`))];
}

function forwardsIn(notes: Readonly<Record<string, string>> | undefined): readonly PortForward[] {
  const text = notes?.[annotations.portForwards];
  if (text === undefined) return [];
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) ? rows.filter(isWritten).map((row) => ({ ...row, protocol: row.protocol ?? 'tcp' })) : [];
  } catch {
    // Not JSON: the start check says so, with the field.
    return [];
  }
}

/** As it is written: the protocol may be left out. */
type Written = Omit<PortForward, 'protocol'> & { readonly protocol?: PortForward['protocol'] };

function isWritten(row: unknown): row is Written {
  if (typeof row !== 'object' || row === null) return false;
  const { name, host, guest, protocol, address } = row as Partial<Record<keyof PortForward, unknown>>;
  return (
    isPort(host) &&
    isPort(guest) &&
    (name === undefined || typeof name === 'string') &&
    (protocol === undefined || protocol === 'tcp' || protocol === 'udp') &&
    (address === undefined || (typeof address === 'string' && /^(\d{1,3}\.){3}\d{1,3}$/.test(address)))
  );
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}
