// Owns taking, loading and freeing the snapshots of one machine: in a running QEMU by its jobs, else in the images by qemu-img.
// Must not write a status; the controllers do.
import { AppError, type Cause } from '../api/errors.ts';
import type { PersistentVolumeClaim } from '../api/kinds/persistent-volume-claim.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import { discardHindrances, snapshotHindrances } from '../api/state-hindrances.ts';
import { pluggedProcessors } from '../core/qemu/processor-hotplug.ts';
import { migrationBlockers, snapshotNodes } from '../core/snapshots/snapshot-nodes.ts';
import { capacityBytes, diskFormatOf, diskPathOf } from '../core/status/claim-status.ts';
import type { EngineContext } from './context.ts';
import { setGuestClock } from './guest-clock.ts';
import { claimNames } from './launch-facts.ts';
import type { Guest } from './machines.ts';
import type { RunningMachine, StoreReader } from './ports.ts';
import { read } from './typed.ts';

export type Subject =
  | { readonly type: 'running'; readonly guest: Guest; readonly vmi: VirtualMachineInstance }
  | {
      readonly type: 'stopped';
      readonly disks: readonly string[];
      /** The firmware's variables: one image for each state of Secure Boot that the machine ever had. */
      readonly variables: readonly string[];
      readonly owner: string;
      readonly causes: readonly Cause[];
    }
  /** It starts or stops, or a disk is being made: neither its memory nor its images hold still. */
  | { readonly type: 'between' };

/** `vm` as it is now, or as it was: then a disk that is not there will not come any more. */
export async function subjectOf({ store, machines, host }: EngineContext, vm: VirtualMachine, { isPast = false } = {}): Promise<Subject> {
  const { namespace = 'default', name, uid } = vm.metadata;
  const vmi = read(store, { resource: resources.virtualMachineInstances, namespace, name });
  if (vmi !== undefined && !isFinal(phaseOf(vmi))) {
    const guest = machines.get(vmi.metadata.uid);
    const isUp = guest !== undefined && phaseOf(vmi) === 'Running' && vmi.metadata.deletionTimestamp === undefined;
    return isUp ? { type: 'running', guest, vmi } : { type: 'between' };
  }
  const found = claimsOf(store, vm);
  if (!isPast && found.some(({ claim }) => claim === undefined || capacityBytes(claim) === undefined)) return { type: 'between' };
  const causes = found.flatMap(({ name: disk, claim }): Cause[] => {
    if (claim === undefined) return [noLonger(disk)];
    return diskFormatOf(claim) === 'qcow2' ? [] : [notKept(disk)];
  });
  const disks = found.flatMap(({ claim }) => (claim === undefined ? [] : (diskPathOf(claim) ?? [])));
  // What the guest cannot write to need not go back.
  const spec = vm.spec.template.spec;
  const readOnly = new Set((spec?.domain.devices.disks ?? []).flatMap(({ name: disk, ...as }) => (isReadOnly(as) ? [disk] : [])));
  const others = (spec?.volumes ?? []).filter((volume) => volume.hostDisk !== undefined && !readOnly.has(volume.name));
  return {
    type: 'stopped',
    disks,
    variables: await host.machines.stateImages(uid),
    owner: uid,
    causes: [...causes, ...others.map((volume) => notKept(volume.name)), ...(found.length === 0 ? [noImage] : [])],
  };
}

/** The claims that the disks of a machine are on. */
export function claimsOf(
  store: StoreReader,
  { metadata: { namespace = 'default' }, spec }: VirtualMachine,
): readonly { readonly name: string; readonly claim: PersistentVolumeClaim | undefined }[] {
  const names = spec.template.spec === undefined ? [] : claimNames({ spec: spec.template.spec });
  return names.map((name) => ({ name, claim: read(store, { resource: resources.persistentVolumeClaims, namespace, name }) }));
}

/** Throws Invalid with every cause why it cannot be. Answers whether the memory is in it. */
export async function takeSnapshot(context: EngineContext, { vm, subject, tag }: Taking): Promise<boolean> {
  const { disks, machines } = context.host;
  if (subject.type === 'running') {
    refuse([...discardHindrances(subject.vmi), ...snapshotHindrances(subject.vmi.spec)]);
    await saveRunning(context, { guest: subject.guest, tag });
    return true;
  }
  refuse([...snapshotHindrances(vm.spec.template.spec ?? { domain: { devices: {} } }), ...subject.causes]);
  for (const image of [...subject.disks, ...subject.variables]) await disks.snapshot(image, 'take', tag);
  await machines.tpmCopy(subject.owner, 'take', tag);
  return false;
}

/**
 * Memory, disks and firmware variables in one job of QEMU. The state of a TPM is in it, too: swtpm gives it to QEMU. Beside that it is
 * kept as files, for going back while the machine is off. Leaves the guest as it was: running, or standing.
 */
export async function saveRunning(
  context: EngineContext,
  { guest: { machine, stateOwner }, tag, thenStand = false }: { readonly guest: Guest; readonly tag: string; readonly thenStand?: boolean },
): Promise<void> {
  const { nodes, causes } = snapshotNodes(await machine.qmp('query-named-block-nodes', { flat: true }));
  refuse([...causes, ...(await hindrancesNow(machine))]);
  const status = await machine.qmp('query-status');
  const runs = typeof status === 'object' && status !== null && 'running' in status && status['running'] === true;
  if (runs) await machine.qmp('stop');
  let isSaved = false;
  try {
    await machine.job('snapshot-save', { tag, vmstate: memoryNode(nodes), devices: [...nodes] });
    // Only now: what the guest asked of its TPM last has been answered, and nothing new is asked.
    await context.host.machines.tpmCopy(stateOwner, 'take', tag);
    isSaved = true;
  } finally {
    if (runs && !(isSaved && thenStand)) await machine.qmp('cont');
  }
}

/** What QEMU itself says against it: a device, or a processor feature, that cannot be given to another QEMU. */
export async function hindrancesNow(machine: RunningMachine): Promise<readonly Cause[]> {
  return migrationBlockers(await machine.qmp('query-migrate'));
}

/** Machines without room for more cannot have got any. */
export async function processorsPluggedInto(machine: RunningMachine, { spec }: VirtualMachineInstance): Promise<number> {
  return spec.domain.cpu?.maxSockets === undefined ? 0 : pluggedProcessors(await machine.qmp('query-hotpluggable-cpus'));
}

export async function loadSnapshot(context: EngineContext, { subject, tag }: Pick<Taking, 'subject' | 'tag'>): Promise<void> {
  const { disks, machines } = context.host;
  if (subject.type === 'running') {
    const { machine, agentConnected } = subject.guest;
    refuse(discardHindrances(subject.vmi));
    await loadRunning(machine, tag);
    // Its clock went back with its memory.
    if (agentConnected) await setGuestClock(context, subject.guest);
    return;
  }
  refuse(subject.causes);
  const held = await Promise.all(
    [...subject.disks, ...subject.variables].map(async (image) => ({ image, tags: await disks.snapshotsIn(image) })),
  );
  const without = held.filter(({ image, tags }) => subject.disks.includes(image) && !tags.includes(tag));
  // All of them, or none.
  refuse(without.map(({ image }) => notInIt(image)));
  // Variables that did not exist then stay: they belong to another state of Secure Boot.
  for (const { image, tags } of held) if (tags.includes(tag)) await disks.snapshot(image, 'goBack', tag);
  await machines.tpmCopy(subject.owner, 'goBack', tag);
}

/** Leaves a guest that stood still standing. Throws QmpFailed with QEMU's words. */
export async function loadRunning(machine: RunningMachine, tag: string): Promise<void> {
  const { nodes, causes } = snapshotNodes(await machine.qmp('query-named-block-nodes', { flat: true }));
  refuse(causes);
  await machine.job('snapshot-load', { tag, vmstate: memoryNode(nodes), devices: [...nodes] });
}

export async function forgetSnapshot(context: EngineContext, { subject, tag }: Pick<Taking, 'subject' | 'tag'>): Promise<void> {
  const { disks, machines } = context.host;
  if (subject.type === 'running') {
    await forgetRunning(subject.guest.machine, tag);
    await machines.tpmCopy(subject.guest.stateOwner, 'forget', tag);
    return;
  }
  for (const image of [...subject.disks, ...subject.variables]) await disks.snapshot(image, 'forget', tag);
  await machines.tpmCopy(subject.owner, 'forget', tag);
}

export async function forgetRunning(machine: RunningMachine, tag: string): Promise<void> {
  const { nodes } = snapshotNodes(await machine.qmp('query-named-block-nodes', { flat: true }));
  if (nodes.length > 0) await machine.job('snapshot-delete', { tag, devices: [...nodes] });
}

interface Taking {
  readonly vm: VirtualMachine;
  readonly subject: Exclude<Subject, { type: 'between' }>;
  readonly tag: string;
}

type DiskOf = NonNullable<NonNullable<VirtualMachine['spec']['template']['spec']>['domain']['devices']['disks']>[number];

function isReadOnly({ disk, lun, cdrom }: Pick<DiskOf, 'disk' | 'lun' | 'cdrom'>): boolean {
  return cdrom !== undefined || disk?.readonly === true || lun?.readonly === true;
}

/** A disk rather than the firmware's variables, whose image is small. */
function memoryNode(nodes: readonly string[]): string {
  return nodes.find((name) => name !== 'nvram') ?? nodes[0] ?? '';
}

export function refuse(causes: readonly Cause[]): void {
  if (causes.length > 0) throw new AppError('Invalid', causes.map(({ message }) => message).join(' '), { causes });
}

function notKept(name: string): Cause {
  return {
    reason: 'SnapshotImpossible',
    field: 'spec.template.spec.volumes',
    message: `The disk ${name} is no qcow2 image of the pool: only those can hold snapshots.`,
    fix: 'Import it into a disk of the pool.',
  };
}

function noLonger(name: string): Cause {
  return {
    reason: 'SnapshotImpossible',
    field: 'spec.template.spec.volumes',
    message: `The disk ${name}, which the machine had then, does not exist any more.`,
    fix: 'Go back to another snapshot.',
  };
}

function notInIt(image: string): Cause {
  return {
    reason: 'SnapshotImpossible',
    field: 'spec.template.spec.volumes',
    message: `The image ${image} does not hold this snapshot: it was made anew since then.`,
    fix: 'Go back to another snapshot.',
  };
}

const noImage: Cause = {
  reason: 'SnapshotImpossible',
  field: 'spec.template.spec.volumes',
  message: 'The machine has no disk that is kept, so there is nothing that could hold its state.',
  fix: 'Add a disk.',
};
