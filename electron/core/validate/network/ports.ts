// Owns the rules of the ports of a network card, and of the port forwards of the user network.
// Must not check whether a port is free; the start check does.
import { annotations } from '../../../api/annotations.ts';
import type { Cause } from '../../../api/errors.ts';
import { duplicate, invalid, required } from '../rule.ts';
import type { CardInPlace } from './interfaces.ts';

const lowestPort = 1;
const highestPort = 65_535;

export function ports({ card, field }: CardInPlace): Cause[] {
  const all = card.ports ?? [];
  return all.flatMap(({ name = '', port, protocol = '' }, index): Cause[] => {
    const where = `${field}.ports[${index}]`;
    return [
      ...portCauses(port, `${where}.port`),
      ...(['', 'TCP', 'UDP'].includes(protocol)
        ? []
        : [invalid(`${where}.protocol`, 'Unknown protocol, only TCP or UDP allowed', 'Use TCP or UDP.')]),
      ...(name !== '' && all.findIndex((other) => other.name === name) < index
        ? [duplicate(`${where}.name`, `Duplicate name of the port: ${name}`, 'Rename one.')]
        : []),
      ...(name === '' || isPortName(name)
        ? []
        : [invalid(`${where}.name`, `Invalid name of the port: ${name}`, 'Use up to 15 lower case letters, digits and dashes.')]),
    ];
  });
}

function portCauses(port: number | undefined, field: string): Cause[] {
  if (port === undefined || port === 0) return [required(field, 'Port field is mandatory.', 'Name the port.')];
  return isPort(port) ? [] : [invalid(field, 'Port field must be in range 0 < x < 65536.', 'Use 1 to 65535.')];
}

export function isPort(port: unknown): port is number {
  return typeof port === 'number' && Number.isInteger(port) && port >= lowestPort && port <= highestPort;
}

/** IANA_SVC_NAME. */
function isPortName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name);
}

/** Dotted, as it becomes part of an option of QEMU: nothing else may get there. */
export function isIpv4(text: unknown): text is string {
  return typeof text === 'string' && /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
}

const forwardFields: readonly string[] = ['name', 'protocol', 'address', 'host', 'guest'];

/** Rules of our annotation: `[{"name":"ssh","protocol":"tcp","host":2222,"guest":22}]`. `path` is where the metadata stands. */
export function portForwardCauses(annotationsOf: Readonly<Record<string, string>>, path: string): Cause[] {
  const text = annotationsOf[annotations.portForwards];
  const field = `${path}.annotations[${annotations.portForwards}]`;
  if (text === undefined) return [];
  const forwards = jsonList(text);
  if (forwards === undefined) {
    const message = `${field} is not a JSON list`;
    return [invalid(field, message, 'Write it as [{"name":"ssh","protocol":"tcp","host":2222,"guest":22}].')];
  }
  const taken = new Map<string, number>();
  return forwards.flatMap((forward, index) => forwardCauses(forward, { field, index, taken }));
}

interface Row {
  readonly field: string;
  readonly index: number;
  /** `tcp/2222` → the row that has it. */
  readonly taken: Map<string, number>;
}

function forwardCauses(forward: unknown, { field, index, taken }: Row): Cause[] {
  const where = `${field}[${index}]`;
  if (typeof forward !== 'object' || forward === null || Array.isArray(forward))
    return [invalid(where, `${where} is not an object`, 'Write {"host":…,"guest":…}.')];
  const row: Readonly<Record<string, unknown>> = { ...forward };
  const { host, guest, protocol = 'tcp' } = row;
  const key = `${String(protocol)}/${String(host)}`;
  const other = taken.get(key);
  if (isPort(host) && other === undefined) taken.set(key, index);
  return [
    ...(['host', 'guest'] as const).flatMap((side) =>
      isPort(row[side])
        ? []
        : [invalid(`${where}.${side}`, `${where}.${side} '${JSON.stringify(row[side]) ?? ''}' must be a port`, 'Use 1 to 65535.')],
    ),
    ...(protocol === 'tcp' || protocol === 'udp'
      ? []
      : [invalid(`${where}.protocol`, `${where}.protocol must be tcp or udp`, 'Use tcp or udp.')]),
    ...(row['address'] === undefined || isIpv4(row['address'])
      ? []
      : [invalid(`${where}.address`, `${where}.address must be an IPv4 address`, 'Use 127.0.0.1 or 0.0.0.0.')]),
    ...(other === undefined || !isPort(host)
      ? []
      : [
          duplicate(
            `${where}.host`,
            `${where}.host ${host} is forwarded already by ${field}[${other}]`,
            'Choose another port of this computer.',
          ),
        ]),
    ...Object.keys(row)
      .filter((name) => !forwardFields.includes(name))
      .map((name) => invalid(`${where}.${name}`, `${where}.${name} is unknown`, `Use ${forwardFields.join(', ')}.`)),
    ...(guest === undefined || !isPort(guest) || row['name'] === undefined || typeof row['name'] === 'string'
      ? []
      : [invalid(`${where}.name`, `${where}.name must be text`, 'Write the name in quotes.')]),
  ];
}

function jsonList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    // No JSON at all: said by the caller in the same words.
    return undefined;
  }
}
