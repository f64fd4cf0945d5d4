// Owns keeping the number of runs of a set, and of machines of a pool.
// Must not change one that is there: a new template is for those that are made after it.
import { AppError } from '../../api/errors.ts';
import type { Kind } from '../../api/kinds/kind.ts';
import { poolKind, replicaSetKind, type VirtualMachineInstanceReplicaSet, type VirtualMachinePool } from '../../api/kinds/replicas.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { isFinal, phaseOf } from '../../api/lifecycle.ts';
import type { DraftObject, KubeObject, ObjectKey, ResourceId } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { freeNames, isOwnedBy, type Replica, replicaStep, selectorText } from '../../core/reconcile/replicas.ts';
import { ownedBy } from '../../core/reconcile/vmi-of-vm.ts';
import { isTrue } from '../../core/status/conditions.ts';
import { unlessSame } from '../../core/status/same-json.ts';
import type { Controller, EngineContext } from '../context.ts';
import { textOf } from '../queue.ts';

type Owner = VirtualMachineInstanceReplicaSet | VirtualMachinePool;

/** What sets it apart: what it makes, and how. */
interface Family<Set extends Owner> {
  readonly kind: Kind;
  readonly resource: ResourceId;
  readonly made: ResourceId;
  readonly isFinal: (object: KubeObject) => boolean;
  readonly drafts: (set: Set, taken: ReadonlySet<string>, count: number) => readonly DraftObject[];
}

const replicaSets: Family<VirtualMachineInstanceReplicaSet> = {
  kind: replicaSetKind,
  resource: resources.replicaSets,
  made: resources.virtualMachineInstances,
  isFinal: (object) => isFinal(phaseOf(object as VirtualMachineInstance)),
  drafts: (set, _taken, count) => {
    const { metadata = {}, spec } = set.spec.template;
    const draft: DraftObject = {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: {
        generateName: metadata.name ?? metadata.generateName ?? set.metadata.name,
        ...marks(metadata),
        ownerReferences: [ownedBy(set)],
      },
      spec,
    };
    return Array.from({ length: count }, () => draft);
  },
};

const pools: Family<VirtualMachinePool> = {
  kind: poolKind,
  resource: resources.pools,
  made: resources.virtualMachines,
  // A machine is started again; it is never final.
  isFinal: () => false,
  drafts: (pool, taken, count) => {
    const { metadata = {}, spec } = pool.spec.virtualMachineTemplate;
    return freeNames(pool.metadata.name, taken, count).map((name) => ({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name, ...marks(metadata), ownerReferences: [ownedBy(pool)] },
      spec,
    }));
  },
};

interface Marks {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

function marks({ labels, annotations }: Marks): Marks {
  return { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) };
}

export function createReplicaSetController(context: EngineContext): Controller {
  return controllerOf(context, replicaSets);
}

export function createPoolController(context: EngineContext): Controller {
  return controllerOf(context, pools);
}

function controllerOf<Set extends Owner>(context: EngineContext, family: Family<Set>): Controller {
  const { store } = context;
  return {
    async reconcile(key) {
      await context.knowComputer();
      const set = store.get({ ...key, resource: family.resource }) as Set | undefined;
      if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
      const own = store.list(family.made, set.metadata.namespace).filter((object) => isOwnedBy(object, set));
      const replicas = own.map((object) => replicaOf(object, family));
      writeStatus(context, key, { family, replicas });
      if (set.spec.paused === true) return;
      const { create, remove } = replicaStep(replicas, set.spec.replicas ?? 1);
      for (const name of remove) deleteOne(context, set, { resource: family.made, namespace: set.metadata.namespace ?? 'default', name });
      const taken = new Set(store.list(family.made, set.metadata.namespace).map(({ metadata }) => metadata.name));
      for (const draft of family.drafts(set, taken, create)) createOne(context, set, { draft, resource: family.made });
    },
  };
}

function replicaOf<Set extends Owner>(object: KubeObject, { isFinal: ended }: Family<Set>): Replica {
  const { name, creationTimestamp, deletionTimestamp } = object.metadata;
  const status = object.status as { readonly conditions?: Parameters<typeof isTrue>[0] } | undefined;
  return {
    name,
    createdAt: creationTimestamp,
    isReady: isTrue(status?.conditions, 'Ready'),
    isFinal: ended(object),
    isDeleting: deletionTimestamp !== undefined,
  };
}

function writeStatus<Set extends Owner>(
  { objects }: EngineContext,
  key: ObjectKey,
  { family, replicas }: { readonly family: Family<Set>; readonly replicas: readonly Replica[] },
): void {
  const active = replicas.filter((replica) => !replica.isFinal && !replica.isDeleting);
  objects.change({ ...key, resource: family.resource }, (object) => {
    const set = object as Set;
    const status = {
      ...set.status,
      labelSelector: selectorText(set.spec.selector),
      replicas: active.length,
      readyReplicas: active.filter(({ isReady }) => isReady).length,
    };
    const next = unlessSame<unknown>(set.status, status);
    return next === set.status ? object : { ...object, status: next };
  });
}

function deleteOne({ objects, events }: EngineContext, set: Owner, key: ObjectKey): void {
  objects.delete(key, {});
  events.record(set, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted ${key.name}` });
}

function createOne(
  { objects, events }: EngineContext,
  set: Owner,
  { draft, resource }: { readonly draft: DraftObject; readonly resource: ResourceId },
): void {
  try {
    const made = objects.create({ resource, namespace: set.metadata.namespace ?? 'default' }, draft, { byCore: true });
    events.record(set, { type: 'Normal', reason: 'SuccessfulCreate', message: `Created ${made.metadata.name}` });
  } catch (error) {
    // What the template asks for may not be admitted any more; trying again at once would not change that.
    if (!(error instanceof AppError)) throw error;
    events.record(set, { type: 'Warning', reason: 'FailedCreate', message: textOf(error) });
  }
}
