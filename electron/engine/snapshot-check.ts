// Owns saying beforehand what a snapshot of a machine would take, and why there can be none.
// Must not take one.
import { AppError, type Cause } from '../api/errors.ts';
import type { SnapshotCheck } from '../api/computer.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { discardHindrances, snapshotHindrances } from '../api/state-hindrances.ts';
import { snapshotNodes } from '../core/snapshots/snapshot-nodes.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { notFound } from './removal.ts';
import { hindrancesNow, subjectOf } from './snapshot-taking.ts';
import { read } from './typed.ts';

const mebibyte = 1024 * 1024;

export async function snapshotCheck(context: EngineContext, key: ObjectKey): Promise<SnapshotCheck> {
  const vm = read(context.store, { ...key, resource: resources.virtualMachines });
  if (vm === undefined) throw notFound({ ...key, resource: resources.virtualMachines });
  const { freeBytes } = await context.host.disks.poolSpace();
  const subject = await subjectOf(context, vm);
  switch (subject.type) {
    case 'between':
      return { online: false, memoryBytes: 0, freeBytes, causes: [between] };
    case 'stopped': {
      const causes = [...snapshotHindrances(vm.spec.template.spec ?? { domain: { devices: {} } }), ...subject.causes];
      return { online: false, memoryBytes: 0, freeBytes, causes };
    }
    case 'running': {
      const own = [...discardHindrances(subject.vmi), ...snapshotHindrances(subject.vmi.spec)];
      const memoryBytes = await memoryInUse(subject.guest);
      return {
        online: true,
        memoryBytes,
        freeBytes,
        causes: [...own, ...(await fromQemu(subject.guest)), ...room(memoryBytes, freeBytes)],
      };
    }
  }
}

/** Pages that the guest never touched are not written. */
async function memoryInUse({ machine }: Guest): Promise<number> {
  return Math.round((await machine.usage()).residentMiB * mebibyte);
}

async function fromQemu({ machine }: Guest): Promise<readonly Cause[]> {
  try {
    return [...snapshotNodes(await machine.qmp('query-named-block-nodes', { flat: true })).causes, ...(await hindrancesNow(machine))];
  } catch (error) {
    // It ended in between: who asks again hears that.
    if (error instanceof AppError) return [between];
    throw error;
  }
}

function room(memoryBytes: number, freeBytes: number): readonly Cause[] {
  if (memoryBytes <= freeBytes) return [];
  const [needs, has] = [memoryBytes, freeBytes].map((bytes) => Math.round(bytes / mebibyte));
  return [
    {
      reason: 'DiskFull',
      field: '',
      message: `The memory of the machine needs up to ${needs} MiB of the disk; ${has} MiB are free.`,
      fix: 'Free space, or stop the machine: its disks alone need no room at once.',
    },
  ];
}

const between: Cause = {
  reason: 'LifecycleConflict',
  field: '',
  message: 'The machine is starting or stopping, or a disk of it is being made.',
  fix: 'Wait until it is done.',
};
