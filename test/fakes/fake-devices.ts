// Owns the devices and block nodes of a pretended QEMU: those of its command line, and those that come and go.
// Must not know what a guest is, beyond whether it lets go.
import { AppError } from '../../electron/api/errors.ts';
import type { Json, JsonObject } from '../../electron/api/object.ts';
import type { LaunchPlan } from '../../electron/core/qemu/launch-plan.ts';
import { fakeRoom } from './fake-room.ts';

export interface FakeDevices {
  /** Undefined when the command is about something else. */
  answer(execute: string, args: JsonObject): Json | undefined;
  /** The guest lets go of what it was asked for. */
  release(): void;
  readonly ids: () => readonly string[];
  readonly nodes: () => readonly string[];
}

export interface FakeDevicesOptions {
  readonly plan: LaunchPlan;
  /** Whether the guest lets go of PCI devices at once. */
  readonly letsGo: () => boolean;
  readonly onDeleted: (id: string) => void;
  /** QEMU lets go of a device some time after the guest has. */
  readonly later: (work: () => void) => void;
  /** Whether the guest has a driver for memory that comes while it runs. */
  readonly takesMemory: () => boolean;
  readonly onMemory: (bytes: number) => void;
}

export function fakeDevices({ plan, letsGo, onDeleted, later, takesMemory, onMemory }: FakeDevicesOptions): FakeDevices {
  const devices = new Map<string, JsonObject>();
  const nodes = new Map<string, JsonObject>();
  const leaving = new Set<string>();
  /** Nodes of devices that are gone from the tree and not yet from memory. */
  const held = new Set<string>();
  for (const { flag, value } of plan.args) {
    if (typeof value !== 'object') continue;
    if (flag === '-device' && typeof value['id'] === 'string') devices.set(value['id'], value);
    if (flag === '-blockdev' && typeof value['node-name'] === 'string') nodes.set(value['node-name'], value);
  }
  const refuse = (message: string): never => {
    throw new AppError('QmpFailed', `QEMU refused: ${message}`);
  };
  const room = fakeRoom({ plan, refuse, takesMemory, onMemory });
  const text = (args: JsonObject, name: string): string => (typeof args[name] === 'string' ? args[name] : '');
  const isFirst = (args: JsonObject): boolean => /^0x0(?:\.0x0)?$/.test(text(args, 'addr'));
  const remove = (id: string): void => {
    leaving.delete(id);
    const drive = text(devices.get(id) ?? {}, 'drive');
    if (!devices.delete(id)) return;
    held.add(drive);
    later(() => {
      held.delete(drive);
      onDeleted(id);
    });
  };
  const handlers: Readonly<Record<string, (args: JsonObject) => Json>> = {
    'blockdev-add'(args) {
      const name = text(args, 'node-name');
      if (nodes.has(name)) refuse(`Duplicate nodes with node-name='${name}'`);
      for (const below of ['file', 'backing']) {
        const child = args[below];
        if (typeof child === 'string' && !nodes.has(child)) refuse(`Cannot find device='' nor node-name='${child}'`);
      }
      nodes.set(name, args);
      return {};
    },
    'blockdev-del'(args) {
      const name = text(args, 'node-name');
      const reader = [...nodes].find(([, node]) => node['file'] === name || node['backing'] === name)?.[0];
      const device = [...devices].find(([, one]) => one['drive'] === name)?.[0];
      if (reader !== undefined || device !== undefined || held.has(name)) refuse(`Node ${name} is in use`);
      if (!nodes.delete(name)) refuse(`Failed to find node with node-name='${name}'`);
      return {};
    },
    device_add(args) {
      const id = text(args, 'id');
      if (devices.has(id)) refuse(`Duplicate device ID '${id}'`);
      const bus = text(args, 'bus');
      const behind = bus.startsWith('port-') ? [...devices.values()].filter((one) => one['bus'] === bus) : [];
      // Function 0 shows a card to the guest: QEMU takes no function after it.
      if (behind.some((one) => one['addr'] === args['addr'] || isFirst(one))) refuse(`slot 0 function 0 already occupied on ${bus}`);
      if (bus === 'scsi0.0' && !devices.has('scsi0')) refuse("Bus 'scsi0.0' not found");
      if (typeof args['drive'] === 'string' && !nodes.has(args['drive'])) refuse(`Property 'drive' can't find value '${args['drive']}'`);
      devices.set(id, args);
      return {};
    },
    device_del(args) {
      const id = text(args, 'id');
      if (!devices.has(id)) refuse(`Device '${id}' not found`);
      if (leaving.has(id)) refuse(`Device ${id} is already in the process of unplug`);
      leaving.add(id);
      const bus = text(devices.get(id) ?? {}, 'bus');
      // A card leaves its slot as a whole.
      const together = bus.startsWith('port-') ? [...devices].filter(([, one]) => one['bus'] === bus).map(([one]) => one) : [id];
      if (bus === 'scsi0.0' || letsGo()) for (const one of together) remove(one);
      return {};
    },
    'qom-list': () => [{ name: 'type', type: 'string' }, ...[...devices.keys()].map((id) => ({ name: id, type: 'child<device>' }))],
    'qom-get'(args) {
      const device = devices.get(text(args, 'path').split('/').at(-1) ?? '') ?? {};
      if (args['property'] === 'parent_bus') return `/machine/x/${text(device, 'bus')}`;
      return device[text(args, 'property')] ?? refuse('no such property');
    },
    'query-named-block-nodes': () =>
      [...nodes].map(([name, node]) => ({ 'node-name': name, drv: node['driver'] ?? '', ro: node['read-only'] === true })),
  };
  return {
    answer: (execute, args) => room[execute]?.(args) ?? handlers[execute]?.(args),
    release() {
      for (const id of leaving) remove(id);
    },
    ids: () => [...devices.keys()],
    nodes: () => [...nodes.keys()],
  };
}
