// Owns which block nodes of a running machine hold its state, and why a machine cannot be kept as it is.
// Must not ask QEMU.
import { discardsChanges } from '../../api/discard-changes.ts';
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import type { Json } from '../../api/object.ts';

export interface SnapshotNodes {
  /** Written to, and able to hold snapshots: disks, and the firmware's variables. */
  readonly nodes: readonly string[];
  readonly causes: readonly Cause[];
}

/** Drivers that only carry bytes to another node. */
const protocols: readonly string[] = ['file', 'host_device', 'nbd', 'null-co'];

/** `answer` of query-named-block-nodes. QEMU's own word for "the memory goes here" is the first of the nodes. */
export function snapshotNodes(answer: Json): SnapshotNodes {
  const written = (Array.isArray(answer) ? answer : []).flatMap((row: Json): readonly { name: string; driver: string }[] => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return [];
    const { 'node-name': name, drv: driver, ro } = row as Readonly<Record<string, Json>>;
    if (typeof name !== 'string' || typeof driver !== 'string' || ro !== false || protocols.includes(driver)) return [];
    return [{ name, driver }];
  });
  const raw = written.filter(({ driver }) => driver !== 'qcow2');
  const nodes = written.filter(({ driver }) => driver === 'qcow2').map(({ name }) => name);
  return {
    nodes,
    causes: [...raw.map(({ name, driver }) => notKept(name, driver)), ...(nodes.length === 0 && raw.length === 0 ? [noDisk] : [])],
  };
}

/** `answer` of query-migrate. QEMU's sentences name the device. */
export function migrationBlockers(answer: Json): readonly Cause[] {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return [];
  const reasons = (answer as Readonly<Record<string, Json>>)['blocked-reasons'];
  return (Array.isArray(reasons) ? reasons : []).map((reason) => ({
    reason: 'SnapshotImpossible',
    field: 'spec.template.spec.domain',
    message: `QEMU cannot keep the state of this machine: ${String(reason)}.`,
    fix: 'Take out the device, or the processor feature, that it names.',
  }));
}

/** What cannot go back in time with the machine. */
export function snapshotHindrances({ domain }: Pick<VirtualMachineInstanceSpec, 'domain'>): readonly Cause[] {
  const { hostDevices = [], gpus = [], filesystems = [] } = domain.devices;
  const at = (field: string, message: string, fix: string): Cause => ({
    reason: 'SnapshotImpossible',
    field: `spec.template.spec.domain.devices.${field}`,
    message,
    fix,
  });
  return [
    ...([...hostDevices, ...gpus].length === 0
      ? []
      : [at('hostDevices', 'The state of a device of this computer cannot be kept.', 'Take the device out of the machine.')]),
    ...(filesystems.length === 0
      ? []
      : [
          at(
            'filesystems',
            'A folder that is shared with this computer would not go back with the disks.',
            'Take the folder out of the machine.',
          ),
        ]),
  ];
}

/** A run that throws its changes away has its disks in files that end with it. */
export function discardHindrances(vmi: Pick<VirtualMachineInstance, 'metadata'>): readonly Cause[] {
  if (!discardsChanges(vmi)) return [];
  return [
    {
      reason: 'SnapshotImpossible',
      field: '',
      message: 'The machine throws away what it writes: a snapshot would be thrown away with it.',
      fix: 'Stop the machine first.',
    },
  ];
}

function notKept(name: string, driver: string): Cause {
  return {
    reason: 'SnapshotImpossible',
    field: 'spec.template.spec.volumes',
    message: `The disk ${name.replace(/^disk-/, '')} is ${driver}: only qcow2 can hold snapshots.`,
    fix: 'Import it into a disk of the pool, which is qcow2, or attach it read-only.',
  };
}

const noDisk: Cause = {
  reason: 'SnapshotImpossible',
  field: 'spec.template.spec.volumes',
  message: 'The machine has no disk that it writes to, so there is nothing that could hold its state.',
  fix: 'Add a disk.',
};
