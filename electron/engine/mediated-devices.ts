// Owns bringing mediated devices in order: what HyperConverged wants is made, what it wants no more is removed when no machine has it.
// Must not decide which; core/devices/mediated.ts does.
import { AppError } from '../api/errors.ts';
import type { HostDeviceFacts } from '../api/host-devices.ts';
import { resources } from '../api/resources.ts';
import type { HyperConverged } from '../api/kinds/hyper-converged.ts';
import type { HostFacts } from '../core/facts.ts';
import { mediatedPlan, type MediatedPlan } from '../core/devices/mediated.ts';
import { nearNode } from '../core/devices/permitted.ts';
import type { MediatedOutcome } from '../core/status/hyper-converged-status.ts';
import { hyperConvergedKey } from './certificates.ts';
import type { EngineContext } from './context.ts';
import { computerKey } from './controllers/node.ts';
import { heldNow } from './device-facts.ts';
import { partitionNow } from './partition-now.ts';
import { read } from './typed.ts';

type Parts = Pick<EngineContext, 'store' | 'host' | 'hostFacts' | 'ids' | 'wake'>;

export interface MediatedDevices {
  /** Undefined while nothing is wanted and nothing of ours is there. One call at a time. */
  bringInOrder(): Promise<MediatedOutcome | undefined>;
  /** What was refused is asked for again. */
  retry(): void;
}

export function createMediatedDevices(context: Parts): MediatedDevices {
  /** Nobody is asked for a password again and again: a refusal stands until something else is wanted, or somebody asks. */
  let refused: { readonly generation: number; readonly failure: string } | undefined;
  return {
    async bringInOrder() {
      const object = read(context.store, hyperConvergedKey);
      const isWanted = object?.spec.mediatedDevicesConfiguration !== undefined;
      if (!isWanted && !(await context.host.devices.hasMadeMdevs())) return undefined;
      const generation = object?.metadata.generation ?? 0;
      if (refused?.generation !== generation) refused = undefined;
      const before = await lookNow(context);
      const isToDo = refused === undefined && before.plan.remove.length + before.plan.make.length > 0;
      const refusal = isToDo ? await act(context, before.plan) : undefined;
      const failure = refusal?.message ?? refused?.failure;
      // Somebody has the device, or took the last of its type: that passes, and is tried at the next look.
      if (refusal !== undefined && refusal.code !== 'Conflict') refused = { generation, failure: refusal.message };
      const { plan, facts } = isToDo ? await lookNow(context) : before;
      if (!isWanted && failure === undefined && plan.causes.length === 0) return undefined;
      const there = (facts.mdevs ?? []).filter(({ isOurs }) => isOurs).length - plan.remove.length;
      return { there, causes: plan.causes, ...(failure === undefined ? {} : { failure }) };
    },
    retry() {
      refused = undefined;
      context.wake(hyperConvergedKey);
    },
  };
}

/** What goes makes room for what comes: removed, looked again, made. */
async function act(context: Parts, before: MediatedPlan): Promise<AppError | undefined> {
  const { devices } = context.host;
  const refusal = await refusalOf(
    context,
    before.remove.map((uuid) => () => devices.removeMdev(uuid)),
  );
  if (refusal !== undefined) return refusal;
  // A look that fails is no refusal.
  const { make } = before.remove.length === 0 ? before : (await lookNow(context)).plan;
  return refusalOf(
    context,
    make.map((mdev) => () => devices.makeMdev({ ...mdev, uuid: context.ids.uuid() })),
  );
}

/** One after the other, until the privileged program, or whoever is asked for a password, says no to one. */
async function refusalOf({ wake }: Parts, steps: readonly (() => Promise<void>)[]): Promise<AppError | undefined> {
  let isChanged = false;
  try {
    for (const step of steps) {
      await step();
      isChanged = true;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error;
  } finally {
    if (isChanged) wake(computerKey);
  }
}

async function lookNow(context: Parts): Promise<{ readonly plan: MediatedPlan; readonly facts: HostDeviceFacts }> {
  const host = await context.hostFacts();
  const facts = host.hostDevices ?? (await context.host.devices.facts());
  return { plan: mediatedPlanNow(context, host, facts), facts };
}

export function mediatedPlanNow(context: Pick<Parts, 'store'>, host: HostFacts, facts: HostDeviceFacts): MediatedPlan {
  const { store } = context;
  const spec: HyperConverged['spec'] = read(store, hyperConvergedKey)?.spec ?? {};
  const { domains } = partitionNow(context, host);
  return mediatedPlan(spec.mediatedDevicesConfiguration, {
    parents: facts.mdevParents ?? [],
    mdevs: facts.mdevs ?? [],
    held: heldNow(context),
    permitted: spec.permittedHostDevices ?? {},
    labelsOf: ({ name, numaNode }) =>
      read(store, { resource: resources.nodes, name: nearNode(domains, [name], numaNode) })?.metadata.labels ?? {},
  });
}
