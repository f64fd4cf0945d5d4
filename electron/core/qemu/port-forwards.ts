// Owns which ports of this computer lead to a guest on the user network.
// Must not try to bind them; the host says which are taken.
import { annotations } from '../../api/annotations.ts';
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import { hostPortFor } from '../../api/port-forward.ts';
import { isIpv4, isPort } from '../validate/network/ports.ts';
import type { Interface } from './manifest.ts';

export interface PortForward {
  readonly name?: string;
  readonly protocol: 'tcp' | 'udp';
  /** IPv4 address of this computer. */
  readonly address: string;
  readonly host: number;
  readonly guest: number;
  readonly field: string;
  /** Asked for by number. Otherwise the manifest names only the guest's port, and a taken one is left out. */
  readonly fixed: boolean;
}

export interface PortForwards {
  readonly forwards: readonly PortForward[];
  readonly causes: readonly Cause[];
}

const field = `metadata.annotations[${annotations.portForwards}]`;
const loopback = '127.0.0.1';

/** The annotation first, then `ports` of the interfaces on the pod network that it does not mention. */
export function portForwardsOf(vmi: VirtualMachineInstance): PortForwards {
  const asked = fromAnnotation(vmi.metadata.annotations?.[annotations.portForwards]);
  const known = new Set(asked.forwards.map(({ protocol, guest }) => `${protocol}/${guest}`));
  const { interfaces = [] } = vmi.spec.domain.devices;
  const listed = interfaces
    .flatMap((card, index) => fromInterface(card, index))
    .filter(({ protocol, guest }) => !known.has(`${protocol}/${guest}`));
  return { forwards: [...asked.forwards, ...listed], causes: asked.causes };
}

// How many ports after a taken one are tried for the suggestion.
const candidates = 20;

/** Every port that the plan may speak of: ask the host which of these are taken before planning. */
export function wantedHostPorts(vmi: VirtualMachineInstance): readonly number[] {
  const ports = portForwardsOf(vmi).forwards.flatMap(({ host }) => Array.from({ length: candidates + 1 }, (_, offset) => host + offset));
  return [...new Set(ports)].filter((port) => port <= 65_535);
}

/** Those that can be opened, and those whose port somebody has: another program, or a forward before them in the list. */
export function sortedByTaken(forwards: readonly PortForward[], takenPorts: ReadonlySet<number>) {
  const isTaken = ({ protocol, host }: PortForward, index: number): boolean =>
    takenPorts.has(host) || forwards.slice(0, index).some((earlier) => earlier.protocol === protocol && earlier.host === host);
  return {
    open: forwards.filter((each, index) => !isTaken(each, index)),
    taken: forwards.filter((each, index) => isTaken(each, index)),
  };
}

/** A port near `host` that is free and that nobody else in the list wants. */
export function freePort(host: number, taken: ReadonlySet<number>): number | undefined {
  return Array.from({ length: candidates }, (_, offset) => host + offset + 1).find((port) => port <= 65_535 && !taken.has(port));
}

function fromInterface(card: Interface, index: number): readonly PortForward[] {
  return (card.ports ?? []).map(({ name, port, protocol }, portIndex) => ({
    ...(name === undefined ? {} : { name }),
    protocol: protocol?.toLowerCase() === 'udp' ? 'udp' : 'tcp',
    address: loopback,
    host: hostPortFor(port),
    guest: port,
    field: `spec.domain.devices.interfaces[${index}].ports[${portIndex}]`,
    fixed: false,
  }));
}

function fromAnnotation(text: string | undefined): PortForwards {
  if (text === undefined || text.trim() === '') return { forwards: [], causes: [] };
  const parsed = parsedJson(text);
  if (!Array.isArray(parsed)) return { forwards: [], causes: [invalid(field, 'is not a JSON list')] };
  const rows = parsed.map((row: Json, index) => forward(row, `${field}[${index}]`));
  return { forwards: rows.flatMap(({ forwards }) => forwards), causes: rows.flatMap(({ causes }) => causes) };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the same as JSON of the wrong shape, which the caller names.
    return undefined;
  }
}

function forward(row: Json, at: string): PortForwards {
  if (!isObject(row)) return { forwards: [], causes: [invalid(at, 'is not an object')] };
  const { name, protocol = 'tcp', address = loopback, host, guest } = row;
  if (protocol !== 'tcp' && protocol !== 'udp')
    return { forwards: [], causes: [invalid(at, 'has a protocol that is neither tcp nor udp')] };
  // Parsed again by QEMU as part of one string: nothing but an address may get there.
  if (typeof address !== 'string' || !isIpv4(address)) return { forwards: [], causes: [invalid(at, 'has an address that is not IPv4')] };
  if (!isPort(host)) return { forwards: [], causes: [invalid(at, 'needs a host port from 1 to 65535')] };
  if (!isPort(guest)) return { forwards: [], causes: [invalid(at, 'needs a guest port from 1 to 65535')] };
  const named = typeof name === 'string' ? { name } : {};
  return { forwards: [{ ...named, protocol, address, host, guest, field: at, fixed: true }], causes: [] };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(at: string, what: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: at,
    message: `The port forward ${what}.`,
    fix: 'Write it as [{"name":"ssh","protocol":"tcp","host":2222,"guest":22}].',
  };
}
