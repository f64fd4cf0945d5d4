// Owns which block nodes of a running machine hold its state, and why a machine cannot be kept as it is.
// Must not ask QEMU.
import type { Cause } from '../../api/errors.ts';
import type { Json } from '../../api/object.ts';
import { formatHindrance } from '../../api/state-hindrances.ts';

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
    causes: [
      ...raw.map(({ name, driver }) => formatHindrance(name.replace(/^disk-/, ''), driver)),
      ...(nodes.length === 0 && raw.length === 0 ? [noDisk] : []),
    ],
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

const noDisk: Cause = {
  reason: 'SnapshotImpossible',
  field: 'spec.template.spec.volumes',
  message: 'The machine has no disk that it writes to, so there is nothing that could hold its state.',
  fix: 'Add a disk.',
};
