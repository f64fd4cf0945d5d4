// Owns dumping a running machine's memory into a claim: checked at once, done in the background, told in the machine's status.
// Must not read what was dumped.
import { AppError } from '../api/errors.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { phaseOf } from '../api/lifecycle.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { guestMemory } from '../core/qemu/devices/memory.ts';
import { dumpClaimOf, dumpSizeRefusal, type MemoryDump } from '../core/reconcile/memory-dump.ts';
import { capacityBytes, diskFormatOf, diskPathOf } from '../core/status/claim-status.ts';
import { timestamp } from '../core/status/conditions.ts';
import type { EngineContext } from './context.ts';
import { isUsedBy } from './launch-facts.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';
import { notFound } from './removal.ts';
import { read, readAll } from './typed.ts';
import { guestOf } from './verbs.ts';

// A guest with much memory on a slow disk: QEMU answers when everything is written.
const dumpTimeoutMs = 60 * 60_000;

/** Throws NotFound, BadRequest or Conflict; otherwise the dump has begun. */
export function requestMemoryDump(context: EngineContext, key: ObjectKey, asked: string): void {
  const { store } = context;
  const vm = machineOf(context, key);
  const claim = dumpClaimOf(vm, asked);
  if ('refusal' in claim) {
    if (asked === '' && vm.status?.memoryDumpRequest === undefined) throw new AppError('BadRequest', claim.refusal);
    throw conflict('virtualmachine', key.name, claim.refusal);
  }
  const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi === undefined) throw notFound({ ...key, resource: resources.virtualMachineInstances });
  if (phaseOf(vmi) !== 'Running') throw conflict('virtualmachineinstance', key.name, 'VMI is not running');
  const claimKey = { ...key, resource: resources.persistentVolumeClaims, name: claim.claimName };
  const stored = read(store, claimKey);
  if (stored === undefined) throw notFound(claimKey);
  const path = diskPathOf(stored);
  if (path === undefined) throw conflict('persistentvolumeclaim', claim.claimName, 'pvc is not bound yet');
  const tooSmall = dumpSizeRefusal(stored, (guestMemory(vmi)?.mib ?? 0) * 2 ** 20);
  if (tooSmall !== undefined) throw conflict('persistentvolumeclaim', claim.claimName, tooSmall);
  const user = readAll(store, resources.virtualMachineInstances, key.namespace).find((other) => isUsedBy(other, claim.claimName));
  if (user !== undefined) throw conflict('persistentvolumeclaim', claim.claimName, `pvc is a disk of ${user.metadata.name}, which runs`);
  const guest = guestOf(context, vmi);
  const startTimestamp = timestamp(context.clock.now());
  const request: MemoryDump = { claimName: claim.claimName, phase: 'InProgress', startTimestamp };
  write(context, key, request);
  const target = { path, format: diskFormatOf(stored), sizeBytes: capacityBytes(stored) ?? 0 };
  void dump(context, { key, guest, request, target });
}

/** Throws Conflict when there is none. The claim and what is in it stay. */
export function removeMemoryDump(context: EngineContext, key: ObjectKey): void {
  const vm = machineOf(context, key);
  const old = vm.status?.memoryDumpRequest;
  if (old === undefined) {
    throw conflict('virtualmachine', key.name, `can't remove memory dump association for vm ${key.name}, no association found`);
  }
  if (old.phase === 'InProgress')
    throw conflict('virtualmachine', key.name, `memory dump request for pvc [${old.claimName}] already in progress`);
  write(context, key, undefined);
}

/** What a core that ended left unfinished is not going on. */
export function forgetBrokenDumps(context: EngineContext): void {
  for (const vm of readAll(context.store, resources.virtualMachines)) {
    const old = vm.status?.memoryDumpRequest;
    if (old?.phase !== 'InProgress') continue;
    const { namespace = 'default', name } = vm.metadata;
    const key = { resource: resources.virtualMachines, namespace, name };
    write(context, key, {
      ...old,
      phase: 'Failed',
      message: 'The core ended before the dump was written.',
      endTimestamp: timestamp(context.clock.now()),
    });
  }
}

interface Dump {
  readonly key: ObjectKey;
  readonly guest: Guest;
  readonly request: MemoryDump;
  readonly target: { readonly path: string; readonly format: 'qcow2' | 'raw'; readonly sizeBytes: number };
}

async function dump(context: EngineContext, { key, guest, request, target }: Dump): Promise<void> {
  const end = (rest: Partial<MemoryDump>): MemoryDump => ({ ...request, ...rest, endTimestamp: timestamp(context.clock.now()) });
  try {
    await context.host.disks.rewrite(target, async (draft) => {
      await guest.machine.qmp('dump-guest-memory', { paging: false, protocol: `file:${draft}` }, dumpTimeoutMs);
    });
    write(
      context,
      key,
      end({ phase: 'Completed', fileName: `${key.name}-${request.claimName}-${request.startTimestamp ?? ''}.memory.dump` }),
    );
    happened(context, key, {
      type: 'Normal',
      reason: 'MemoryDumpCompleted',
      message: `The memory was written to the claim ${request.claimName}.`,
    });
  } catch (error) {
    write(context, key, end({ phase: 'Failed', message: textOf(error) }));
    happened(context, key, { type: 'Warning', reason: 'MemoryDumpFailed', message: textOf(error) });
  }
}

function happened(context: EngineContext, key: ObjectKey, happening: Parameters<EngineContext['events']['record']>[1]): void {
  const vm = read(context.store, { ...key, resource: resources.virtualMachines });
  if (vm !== undefined) context.events.record(vm, happening);
}

function machineOf({ store }: EngineContext, key: ObjectKey): VirtualMachine {
  const vmKey = { ...key, resource: resources.virtualMachines };
  const vm = read(store, vmKey);
  if (vm === undefined) throw notFound(vmKey);
  return vm;
}

function write({ objects }: EngineContext, key: ObjectKey, request: MemoryDump | undefined): void {
  objects.change({ ...key, resource: resources.virtualMachines }, (object) => {
    const vm = object as VirtualMachine;
    const { memoryDumpRequest: _old, ...status } = vm.status ?? {};
    const changed: VirtualMachine = { ...vm, status: request === undefined ? status : { ...status, memoryDumpRequest: request } };
    return changed;
  });
}

function conflict(kind: string, name: string, message: string): AppError {
  const group = kind === 'persistentvolumeclaim' ? kind : `${kind}.kubevirt.io`;
  return new AppError('Conflict', `Operation cannot be fulfilled on ${group} "${name}": ${message}`);
}
