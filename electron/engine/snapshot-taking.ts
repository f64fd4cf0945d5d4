// Owns taking, loading and freeing the snapshots of one machine: in a running QEMU by its jobs, else in the images by qemu-img.
// Must not write a status; the controllers do.
import { AppError, type Cause } from '../api/errors.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import { snapshotHindrances, snapshotNodes } from '../core/snapshots/snapshot-nodes.ts';
import { capacityBytes, diskFormatOf, diskPathOf } from '../core/status/claim-status.ts';
import type { EngineContext } from './context.ts';
import { claimNames } from './launch-facts.ts';
import type { Guest } from './machines.ts';
import { read } from './typed.ts';

export type Subject =
  | { readonly type: 'running'; readonly guest: Guest }
  | { readonly type: 'stopped'; readonly images: readonly string[]; readonly causes: readonly Cause[] }
  /** It starts or stops, or a disk is being made: neither its memory nor its images hold still. */
  | { readonly type: 'between' };

export async function subjectOf({ store, machines, host }: EngineContext, vm: VirtualMachine): Promise<Subject> {
  const { namespace = 'default', name, uid } = vm.metadata;
  const vmi = read(store, { resource: resources.virtualMachineInstances, namespace, name });
  if (vmi !== undefined && !isFinal(phaseOf(vmi))) {
    const guest = machines.get(vmi.metadata.uid);
    const isUp = guest !== undefined && phaseOf(vmi) === 'Running' && vmi.metadata.deletionTimestamp === undefined;
    return isUp ? { type: 'running', guest } : { type: 'between' };
  }
  const spec = vm.spec.template.spec;
  const claims = (spec === undefined ? [] : claimNames({ spec })).map((claim) => ({
    claim,
    found: read(store, { resource: resources.persistentVolumeClaims, namespace, name: claim }),
  }));
  // Still being made: it will be there.
  if (claims.some(({ found }) => found === undefined || capacityBytes(found) === undefined)) return { type: 'between' };
  const causes = claims.flatMap(({ claim, found }): Cause[] =>
    found === undefined || diskFormatOf(found) !== 'qcow2' ? [notKept(claim)] : [],
  );
  const images = claims.flatMap(({ found }) => (found === undefined ? [] : (diskPathOf(found) ?? [])));
  // What the guest cannot write to need not go back.
  const readOnly = new Set((spec?.domain.devices.disks ?? []).flatMap(({ name: disk, ...as }) => (isReadOnly(as) ? [disk] : [])));
  const others = (spec?.volumes ?? []).filter((volume) => volume.hostDisk !== undefined && !readOnly.has(volume.name));
  return {
    type: 'stopped',
    images: [...images, ...(await host.machines.stateImages(uid))],
    causes: [...causes, ...others.map((volume) => notKept(volume.name)), ...(images.length === 0 ? [noImage] : [])],
  };
}

/** Throws Invalid with every cause why it cannot be. Answers whether the memory is in it. */
export async function takeSnapshot(context: EngineContext, { vm, subject, tag }: Taking): Promise<boolean> {
  refuse(snapshotHindrances(vm.spec.template.spec ?? { domain: { devices: {} } }));
  if (subject.type === 'running') {
    const { machine } = subject.guest;
    const { nodes, causes } = snapshotNodes(await machine.qmp('query-named-block-nodes', { flat: true }));
    refuse(causes);
    await machine.job('snapshot-save', { tag, vmstate: memoryNode(nodes), devices: [...nodes] });
    return true;
  }
  refuse(subject.causes);
  for (const image of subject.images) await context.host.disks.snapshot(image, 'take', tag);
  return false;
}

export async function loadSnapshot(context: EngineContext, { subject, tag }: Pick<Taking, 'subject' | 'tag'>): Promise<void> {
  if (subject.type === 'running') {
    const { machine, agentConnected } = subject.guest;
    const { nodes, causes } = snapshotNodes(await machine.qmp('query-named-block-nodes', { flat: true }));
    refuse(causes);
    await machine.job('snapshot-load', { tag, vmstate: memoryNode(nodes), devices: [...nodes] });
    // Its clock went back with its memory.
    if (agentConnected) await machine.agent('guest-set-time', { time: context.clock.now() * 1_000_000 }).catch(() => undefined);
    return;
  }
  refuse(subject.causes);
  for (const image of subject.images) await context.host.disks.snapshot(image, 'goBack', tag);
}

export async function forgetSnapshot(context: EngineContext, { subject, tag }: Pick<Taking, 'subject' | 'tag'>): Promise<void> {
  if (subject.type === 'running') {
    const { machine } = subject.guest;
    const { nodes } = snapshotNodes(await machine.qmp('query-named-block-nodes', { flat: true }));
    if (nodes.length > 0) await machine.job('snapshot-delete', { tag, devices: [...nodes] });
    return;
  }
  for (const image of subject.images) await context.host.disks.snapshot(image, 'forget', tag);
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

function refuse(causes: readonly Cause[]): void {
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

const noImage: Cause = {
  reason: 'SnapshotImpossible',
  field: 'spec.template.spec.volumes',
  message: 'The machine has no disk that is kept, so there is nothing that could hold its state.',
  fix: 'Add a disk.',
};
