// Owns port forwards while they are edited: rows of text, what is wrong with them, the patch they become.
// Must not know which ports are in use.
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { annotationPatch, type Patch } from './machine-edits.ts';
import { type PortForward, writtenForwards } from './port-forwards.ts';

export interface ForwardDraft {
  /** Tells rows apart while they are edited. */
  readonly key: number;
  readonly name?: string;
  /** Kept as it is written: the dialog does not ask for it. */
  readonly address?: string;
  readonly host: string;
  readonly guest: string;
  readonly protocol: 'tcp' | 'udp';
}

export function forwardDrafts(vm: VirtualMachine): readonly ForwardDraft[] {
  return writtenForwards(vm).map(({ name, address, host, guest, protocol }, key) => ({
    key,
    name,
    address,
    host: String(host),
    guest: String(guest),
    protocol,
  }));
}

/** Key under `machines:forwards.invalid`. Ports below 1024 belong to the system: the user's own process cannot take them. */
export function forwardsProblem(drafts: readonly ForwardDraft[]): 'number' | 'system' | 'twice' | undefined {
  const rows = drafts.filter(isWritten);
  if (rows.some(({ host, guest }) => !isPort(host) || !isPort(guest))) return 'number';
  if (rows.some(({ host }) => Number(host) < 1024)) return 'system';
  const hosts = rows.map(({ host, protocol }) => `${protocol}${Number(host)}`);
  return new Set(hosts).size < hosts.length ? 'twice' : undefined;
}

export function forwardsOf(rows: readonly ForwardDraft[]): readonly PortForward[] {
  return rows.filter(isWritten).map(({ name, address, host, guest, protocol }) => ({
    ...(name === undefined ? {} : { name }),
    protocol,
    ...(address === undefined ? {} : { address }),
    host: Number(host),
    guest: Number(guest),
  }));
}

export function forwardsPatch(vm: VirtualMachine, forwards: readonly PortForward[]): Patch {
  return annotationPatch(vm, annotations.portForwards, forwards.length === 0 ? '' : JSON.stringify(forwards));
}

/** A row that was added and left empty means nothing. */
function isWritten({ host, guest }: ForwardDraft): boolean {
  return host.trim() !== '' || guest.trim() !== '';
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text.trim()) && Number(text) > 0 && Number(text) < 65_536;
}
