// Owns which changes of this computer's devices reach a machine while it runs.
// Must not plug, nor ask whether there is a device or a place; core/qemu/device-plug.ts does.
import { annotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { heldByName } from '../devices/assignment.ts';
import { hostDeviceOptions } from '../devices/device-options.ts';
import { sameJson } from '../status/same-json.ts';
import type { Run } from './next-run.ts';

export type DeviceEntry = NonNullable<VirtualMachineInstance['spec']['domain']['devices']['hostDevices']>[number];

const lists = ['gpus', 'hostDevices'] as const;
type List = (typeof lists)[number];

/**
 * The run with the devices of its definition; the very same when nothing is to be done. A name that another device is still behind has
 * to be free first. The screen that firmware drew on stays: there is no machine without its first screen.
 */
export function withDevicesOf(vmi: VirtualMachineInstance, wanted: Run): VirtualMachineInstance {
  const held = heldByName(vmi);
  const { options } = hostDeviceOptions(vmi.metadata.annotations);
  const stays = (list: List, entry: DeviceEntry): boolean => entriesOf(wanted, list).some((one) => sameJson(one, entry));
  const isStuck = ({ name }: DeviceEntry): boolean => options[name]?.primaryGpu === true && held[name] !== undefined;
  const next = (list: List): readonly DeviceEntry[] => {
    const has = entriesOf(vmi, list);
    const kept = entriesOf(wanted, list).filter(
      (entry) => has.some((one) => sameJson(one, entry)) || (held[entry.name] === undefined && !isOn(vmi, list, entry)),
    );
    return [...kept, ...has.filter((entry) => isStuck(entry) && !stays(list, entry))];
  };
  const after = (list: List): readonly DeviceEntry[] | undefined => {
    const entries = next(list);
    // An empty list is not the same as none to who compares the run with its definition.
    return entries.length > 0 || wanted.spec.domain.devices[list] !== undefined ? entries : undefined;
  };
  const changed = lists.filter((list) => !sameJson(after(list), vmi.spec.domain.devices[list]));
  if (changed.length === 0) return vmi;
  const came = changed.flatMap((list) => next(list).filter((entry) => entriesOf(vmi, list).every(({ name }) => name !== entry.name)));
  const devices = changed.reduce((all, list) => withList(all, list, after(list)), vmi.spec.domain.devices);
  const spec = { ...vmi.spec, domain: { ...vmi.spec.domain, devices } };
  return { ...vmi, spec, metadata: withOptions(vmi.metadata, wanted, came) };
}

/** The name may be moving from one list to the other: it leaves the one first. */
function isOn(vmi: VirtualMachineInstance, list: List, { name }: DeviceEntry): boolean {
  return lists.some((other) => other !== list && entriesOf(vmi, other).some((entry) => entry.name === name));
}

type Devices = VirtualMachineInstance['spec']['domain']['devices'];

function withList(devices: Devices, list: List, entries: readonly DeviceEntry[] | undefined): Devices {
  const { [list]: _before, ...others } = devices;
  return entries === undefined ? others : { ...others, [list]: [...entries] };
}

/** Which one, its ROM, and whether it may be missing, comes along with a device. */
function withOptions(
  metadata: VirtualMachineInstance['metadata'],
  wanted: Run,
  came: readonly DeviceEntry[],
): VirtualMachineInstance['metadata'] {
  const before = hostDeviceOptions(metadata.annotations).options;
  const { options } = hostDeviceOptions(wanted.metadata.annotations);
  const isNew = ([name]: readonly [string, unknown]): boolean => came.some((entry) => entry.name === name);
  const kept = Object.entries(before).filter((row) => !isNew(row));
  const next = Object.fromEntries([...kept, ...Object.entries(options).filter((row) => isNew(row))]);
  if (sameJson(next, before)) return metadata;
  return { ...metadata, annotations: { ...metadata.annotations, [annotations.hostDeviceOptions]: JSON.stringify(next) } };
}

function entriesOf({ spec }: Pick<VirtualMachineInstance, 'spec'>, list: List): readonly DeviceEntry[] {
  return spec.domain.devices[list] ?? [];
}

export function deviceEntries(vmi: Pick<VirtualMachineInstance, 'spec'>): readonly DeviceEntry[] {
  return lists.flatMap((list) => entriesOf(vmi, list));
}
