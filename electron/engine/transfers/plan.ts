// Owns planning a transfer: what becomes of the machine, what stands against it, and what the other end would say to it.
// Must not change anything, here or there.
import { AppError, type Cause } from '../../api/errors.ts';
import type { Remark, Transfer, TransferReview } from '../../api/kinds/transfer.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { virtualMachineKind } from '../../api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { decode } from '../../api/schema.ts';
import { withoutField, withoutNulls } from '../../api/json-fields.ts';
import { incoming, type Incoming } from '../../core/clusters/incoming.ts';
import { outgoing, type Outgoing } from '../../core/clusters/outgoing.ts';
import { referencesOf } from '../../core/clusters/references.ts';
import { type Remote, remoteOf } from '../clusters/remote.ts';
import type { EngineContext } from '../context.ts';
import { read } from '../typed.ts';
import {
  claimSizes,
  dataVolumesPath,
  farNamespace,
  foundHere,
  foundThere,
  machinesPath,
  runsHere,
  runsThere,
  takenClaims,
  volumeFiles,
} from './facts.ts';

export interface Asked {
  /** Project here. */
  readonly namespace: string;
  readonly spec: Transfer['spec'];
  /** Of the Transfer; empty while there is none. */
  readonly uid: string;
}

interface Base {
  /** Project on the cluster. */
  readonly there: string;
  readonly remote: Remote;
  readonly review: TransferReview;
}

export type TransferPlan =
  | (Base & { readonly type: 'send'; readonly going: Outgoing })
  | (Base & { readonly type: 'bring'; readonly coming: Incoming; readonly machine: string });

/** Throws NotFound for a machine that is not there, and what the cluster says. */
export async function planTransfer(context: EngineContext, asked: Asked): Promise<TransferPlan> {
  return asked.spec.direction === 'send' ? planSending(context, asked) : planBringing(context, asked);
}

async function planSending(context: EngineContext, { namespace, spec, uid }: Asked): Promise<TransferPlan> {
  const key = { resource: resources.virtualMachines, namespace, name: spec.machine } as const;
  const vm = read(context.store, key);
  if (vm === undefined) throw new AppError('NotFound', `virtualmachines.kubevirt.io "${spec.machine}" not found`);
  const there = await farNamespace(context, spec);
  const remote = remoteOf(context.clusters, spec.connection);
  const going = outgoing(vm, uid, {
    spec,
    namespace: there,
    running: runsHere(context, key),
    hostname: (await context.hostFacts()).hostname,
    files: await volumeFiles(context, vm),
    found: await foundThere(remote, referencesOf(vm, there)),
  });
  const rehearsed = await rehearse(remote, [
    [machinesPath(there), going.machine],
    ...going.dataVolumes.map((volume) => [dataVolumesPath(there), volume] as const),
  ]);
  const review = {
    causes: [...going.causes, ...rehearsed.causes],
    remarks: [...going.remarks, ...rehearsed.remarks],
    disks: going.disks.map(({ volume, claim, sizeBytes }) => ({ volume, claim, sizeBytes })),
  };
  return { type: 'send', there, remote, going, review };
}

/** What the cluster would refuse, and the fields that it does not know. */
async function rehearse(
  remote: Remote,
  objects: readonly (readonly [path: string, object: DraftObject])[],
): Promise<Pick<TransferReview, 'causes' | 'remarks'>> {
  const answers = await Promise.all(objects.map(([path, object]) => remote.rehearse(path, object)));
  const warnings = [...new Set(answers.flatMap((answer) => answer.warnings))];
  return {
    causes: answers.flatMap((answer) => answer.causes),
    remarks: warnings.map((warning): Remark => {
      const field = /^unknown field "(.+)"$/.exec(warning)?.[1];
      return field === undefined
        ? { type: 'needed', field: '', message: warning }
        : { type: 'unknown', field, message: 'The cluster does not know this field and leaves it out.' };
    }),
  };
}

async function planBringing(context: EngineContext, { namespace, spec, uid }: Asked): Promise<TransferPlan> {
  const there = await farNamespace(context, spec);
  const remote = remoteOf(context.clusters, spec.connection);
  const found = await remote.get(`${machinesPath(there)}/${encodeURIComponent(spec.machine)}`);
  if (found === undefined)
    throw new AppError('NotFound', `virtualmachines.kubevirt.io "${spec.machine}" not found in the project ${there}`);
  const { vm, remarks } = readMachine(context, withoutNulls(found));
  const coming = incoming(vm, uid, {
    spec,
    namespace,
    running: await runsThere(remote, there, spec.machine),
    claimBytes: await claimSizes(remote, vm, there),
    found: foundHere(context, referencesOf(vm, namespace)),
    taken: takenClaims(context, namespace),
  });
  await context.knowComputer();
  const review = {
    causes: [...coming.causes, ...arrivalCauses(context, namespace, coming.machine)],
    remarks: [...remarks, ...coming.remarks],
    disks: coming.disks.map(({ volume, claim, sizeBytes }) => ({ volume, claim, sizeBytes })),
  };
  return { type: 'bring', there, remote, coming, machine: spec.machine, review };
}

/** What a cluster tells is a stranger's text: only fields of KubeVirt's shape come in. */
function readMachine(
  { schemas }: EngineContext,
  found: ReturnType<typeof withoutNulls>,
): { vm: VirtualMachine; remarks: readonly Remark[] } {
  if (schemas === undefined) throw new AppError('ServiceUnavailable', 'This core has no schemas to read a machine with.');
  const causes = decode(schemas(), virtualMachineKind.schema, found);
  const unknown = causes.filter(({ reason }) => reason === 'UnknownField' && true);
  const wrong = causes.filter((cause) => !unknown.includes(cause) && !cause.field.startsWith('status'));
  if (wrong.length > 0) throw new AppError('Invalid', 'What the cluster gives is no machine of kubevirt.io/v1.', { causes: wrong });
  const { status: _status, ...known } = unknown.reduce((rest, { field }) => withoutField(rest, field), found);
  return {
    vm: known as unknown as VirtualMachine,
    remarks: unknown
      .filter(({ field }) => !field.startsWith('status') && !field.startsWith('metadata'))
      .map(({ field }): Remark => ({ type: 'unknown', field, message: 'This computer does not know this field and leaves it out.' })),
  };
}

/** What this computer would say to it, and whether the name is free. */
function arrivalCauses({ store, objects }: EngineContext, namespace: string, machine: DraftObject): readonly Cause[] {
  const name = machine.metadata.name ?? '';
  if (store.get({ resource: resources.virtualMachines, namespace, name }) !== undefined) {
    const message = `There is already a machine ${name} in the project ${namespace}.`;
    return [{ reason: 'AlreadyExists', field: 'spec.newName', message, fix: 'Give another name.' }];
  }
  try {
    objects.preview({ resource: resources.virtualMachines, namespace }, machine);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.causes.length > 0 ? error.causes : [{ reason: error.code, field: '', message: error.message }];
  }
}
