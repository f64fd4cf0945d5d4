// Owns the check of a plan's arguments against what the recorded QEMU says it takes.
// Must not know any machine.
import type { Json, JsonObject } from '../../electron/api/object.ts';
import { recordingKey, type QmpRecording } from '../../electron/core/qemu/capabilities.ts';
import type { Argument } from '../../electron/core/qemu/launch-plan.ts';
import { qmpSchema, schemaFaults } from './qmp-schema.ts';

/** The QMP command with the same arguments as the option. */
const commands: Readonly<Record<string, string>> = { '-blockdev': 'blockdev-add', '-netdev': 'netdev_add', '-object': 'object-add' };

/** What QEMU's own schema and property lists say against these arguments; empty when nothing. */
export function argumentFaults(args: readonly Argument[], recording: QmpRecording): readonly string[] {
  const schema = qmpSchema(recording.tcg['query-qmp-schema']);
  return args.flatMap(({ flag, value }) => {
    if (typeof value !== 'object') return [];
    const command = commands[flag];
    if (command !== undefined) return schemaFaults(schema, command, value);
    return flag === '-device' ? deviceFaults(value, recording) : [];
  });
}

// Of -device, not of the device.
const ownMembers = new Set(['driver', 'id', 'bus']);

/** `device_add` has no schema: its members are the properties of the device. */
function deviceFaults(value: JsonObject, { tcg }: QmpRecording): readonly string[] {
  const driver = nameOf(value.driver);
  const properties: Json | undefined = tcg[recordingKey({ execute: 'device-list-properties', arguments: { typename: driver } })];
  if (!Array.isArray(properties)) return [`-device ${driver}: its properties were not recorded`];
  const types = new Map(properties.map(({ name, type }: JsonObject) => [name, type]));
  return Object.entries(value).flatMap(([name, given]) => {
    if (ownMembers.has(name)) return [];
    const type = types.get(name);
    if (type === undefined) return [`-device ${driver}: has no property ${name}`];
    return fitsProperty(type, given) ? [] : [`-device ${driver}: ${name} is of type ${nameOf(type)}, not ${JSON.stringify(given)}`];
  });
}

function fitsProperty(type: Json | undefined, given: Json | undefined): boolean {
  if (type === 'bool') return typeof given === 'boolean';
  // Slot and function may be text: `0x2.0x1`.
  if (typeof type === 'string' && /^u?int\d+$/.test(type))
    return typeof given === 'number' || (typeof given === 'string' && given.startsWith('0x'));
  if (type === 'size') return typeof given === 'number';
  return typeof given === 'string';
}

function nameOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
