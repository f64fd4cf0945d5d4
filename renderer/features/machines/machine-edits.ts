// Owns what each edit of a machine changes, as a JSON patch that refuses to overwrite what it has not seen.
// Must not send anything.
import { annotations } from '../../../electron/api/annotations.ts';
import type { JsonPatchOperation } from '../../../electron/api/json-patch.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { RunStrategy } from '../../../electron/api/lifecycle.ts';
import type { Json } from '../../../electron/api/object.ts';

export type Patch = readonly JsonPatchOperation[];

type Spec = NonNullable<VirtualMachine['spec']['template']['spec']>;

export interface Topology {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

/** `maxSockets`: what it may grow to while it runs; as many as it has when it may not. */
export interface TopologyDraft extends Topology {
  readonly maxSockets: number;
}

export const domainPath = '/spec/template/spec/domain';

export function descriptionPatch(vm: VirtualMachine, text: string): Patch {
  return annotationPatch(vm, annotations.description, text.trim());
}

/** An empty text takes the annotation away. */
export function annotationPatch(vm: VirtualMachine, name: string, value: string): Patch {
  const notes = vm.metadata.annotations;
  const old = notes?.[name];
  if (notes === undefined) return value === '' ? [] : [{ op: 'add', path: '/metadata/annotations', value: { [name]: value } }];
  const path = `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (value !== '') return [...unchanged(path, old), { op: 'add', path, value }];
  return old === undefined ? [] : [...unchanged(path, old), { op: 'remove', path }];
}

export function labelsPatch(vm: VirtualMachine, labels: Readonly<Record<string, string>>): Patch {
  return [...unchanged('/metadata/labels', vm.metadata.labels), { op: 'add', path: '/metadata/labels', value: labels }];
}

/** Features, model and pinning stay; the number of CPUs is set by the topology alone from now on. */
export function cpuPatch(vm: VirtualMachine, { maxSockets, ...topology }: TopologyDraft): Patch {
  const old = specOf(vm).domain.cpu;
  const { maxSockets: before, ...kept } = { ...(old as Readonly<Record<string, Json>> | undefined) };
  // Room that is full is still the room that the run was started with.
  const room = maxSockets > topology.sockets || maxSockets === before ? { maxSockets } : {};
  return [...unchanged(`${domainPath}/cpu`, old), { op: 'add', path: `${domainPath}/cpu`, value: { ...kept, ...topology, ...room } }];
}

/** Quantities, e.g. `2Gi`; without `maxGuest` it does not grow while it runs. A request that only stood for the old size goes, so that the two cannot disagree. */
export function memoryPatch(vm: VirtualMachine, guest: string, maxGuest?: string): Patch {
  const { memory, resources } = specOf(vm).domain;
  const { maxGuest: _old, ...kept } = { ...(memory as Readonly<Record<string, Json>> | undefined) };
  const requests = (resources?.requests ?? {}) as Readonly<Record<string, Json>>;
  const patch: JsonPatchOperation[] = [
    ...unchanged(`${domainPath}/memory`, memory),
    { op: 'add', path: `${domainPath}/memory`, value: { ...kept, guest, ...(maxGuest === undefined ? {} : { maxGuest }) } },
  ];
  const standsForSize = requests['memory'] !== undefined && (memory?.guest === undefined || requests['memory'] === memory.guest);
  if (standsForSize) patch.push({ op: 'remove', path: `${domainPath}/resources/requests/memory` });
  return patch;
}

/** `running` and `runStrategy` exclude each other: the newer of the two is kept. */
export function runStrategyPatch(vm: VirtualMachine, strategy: RunStrategy): Patch {
  const { running, runStrategy } = vm.spec;
  return [
    ...unchanged('/spec/runStrategy', runStrategy),
    ...unchanged('/spec/running', running),
    ...(running === undefined ? [] : [{ op: 'remove', path: '/spec/running' } as const]),
    { op: 'add', path: '/spec/runStrategy', value: strategy },
  ];
}

export interface BootDevice {
  readonly type: 'disk' | 'interface';
  readonly name: string;
}

/** Devices that are asked for an operating system, in their order; then those that are not. */
export function bootDevices(vm: VirtualMachine): { readonly ordered: readonly BootDevice[]; readonly rest: readonly BootDevice[] } {
  const { disks = [], interfaces = [] } = specOf(vm).domain.devices;
  const all = [
    ...disks.map(({ name, bootOrder }) => ({ type: 'disk' as const, name, bootOrder })),
    ...interfaces.map(({ name, bootOrder }) => ({ type: 'interface' as const, name, bootOrder })),
  ];
  const plain = ({ type, name }: BootDevice): BootDevice => ({ type, name });
  return {
    ordered: all
      .filter(({ bootOrder }) => bootOrder !== undefined)
      .toSorted((a, b) => a.bootOrder! - b.bootOrder!)
      .map(plain),
    rest: all.filter(({ bootOrder }) => bootOrder === undefined).map(plain),
  };
}

export interface BootDraft {
  readonly ordered: readonly BootDevice[];
  /** Seconds that the firmware waits for a key that brings up its menu; 0: it does not. */
  readonly menuSeconds: number;
}

export function bootDraft(vm: VirtualMachine): BootDraft {
  const notes = { ...vm.metadata.annotations, ...vm.spec.template.metadata?.annotations };
  return { ordered: bootDevices(vm).ordered, menuSeconds: Number(notes[annotations.bootMenu] ?? 0) };
}

export function bootPatch(vm: VirtualMachine, { ordered, menuSeconds }: BootDraft): Patch {
  const order = bootOrderPatch(vm, ordered);
  if (menuSeconds === bootDraft(vm).menuSeconds) return order;
  return [...order, ...annotationPatch(vm, annotations.bootMenu, menuSeconds === 0 ? '' : `${menuSeconds}`)];
}

/** `ordered` is numbered from 1; every other device loses its number. */
export function bootOrderPatch(vm: VirtualMachine, ordered: readonly BootDevice[]): Patch {
  const { disks, interfaces } = specOf(vm).domain.devices;
  return [...numbered('disk', disks ?? [], ordered), ...numbered('interface', interfaces ?? [], ordered)];
}

function numbered(
  type: BootDevice['type'],
  devices: readonly { readonly name: string; readonly bootOrder?: number }[],
  ordered: readonly BootDevice[],
): Patch {
  const list = `${domainPath}/devices/${type}s`;
  return devices.flatMap(({ name, bootOrder }, index): readonly JsonPatchOperation[] => {
    const position = ordered.findIndex((device) => device.type === type && device.name === name) + 1;
    const wanted = position === 0 ? undefined : position;
    if (wanted === bootOrder) return [];
    const path = `${list}/${index}/bootOrder`;
    // The place in the list is only an address: the name proves that it is still the same device.
    const same: JsonPatchOperation = { op: 'test', path: `${list}/${index}/name`, value: name };
    return wanted === undefined ? [same, { op: 'remove', path }] : [same, { op: 'add', path, value: wanted }];
  });
}

/** A patch cannot test that something is absent; what was absent is added and wins. */
export function unchanged(path: string, value: unknown): Patch {
  return value === undefined ? [] : [{ op: 'test', path, value: value as Json }];
}

export function specOf(vm: VirtualMachine): Spec {
  return vm.spec.template.spec ?? { domain: { devices: {} } };
}
