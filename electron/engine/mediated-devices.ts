// Owns bringing mediated devices in order: what HyperConverged wants is made, what it wants no more is removed when no machine has it.
// Must not decide which; core/devices/mediated.ts does.
import type { Cause } from '../api/errors.ts';
import type { HostDeviceFacts } from '../api/host-devices.ts';
import { resources } from '../api/resources.ts';
import type { HyperConverged } from '../api/kinds/hyper-converged.ts';
import type { HostFacts } from '../core/facts.ts';
import { mediatedPlan, type MediatedPlan } from '../core/devices/mediated.ts';
import { nearNode } from '../core/devices/permitted.ts';
import { partitionOf } from '../core/placement/domains.ts';
import { hyperConvergedKey } from './certificates.ts';
import type { EngineContext } from './context.ts';
import { computerKey } from './controllers/node.ts';
import { heldNow } from './device-facts.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

type Parts = Pick<EngineContext, 'store' | 'host' | 'hostFacts' | 'ids' | 'wake'>;

/** How it stands after a look. */
export interface MediatedState {
  /** Of the wanted types. */
  readonly there: number;
  readonly causes: readonly Cause[];
  /** What the privileged program, or whoever was asked for a password, said no with. */
  readonly failure?: string;
}

export interface MediatedDevices {
  /** Undefined while nothing is wanted and nothing of ours is there. One call at a time. */
  bringInOrder(): Promise<MediatedState | undefined>;
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
      let failure: string | undefined = refused?.failure;
      try {
        if (failure === undefined) await act(context);
      } catch (error) {
        failure = textOf(error);
        refused = { generation, failure };
      }
      const { plan, facts } = await lookNow(context);
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
async function act(context: Parts): Promise<void> {
  const { devices } = context.host;
  const before = (await lookNow(context)).plan;
  let isChanged = false;
  try {
    for (const uuid of before.remove) {
      await devices.removeMdev(uuid);
      isChanged = true;
    }
    const { make } = before.remove.length === 0 ? before : (await lookNow(context)).plan;
    for (const mdev of make) {
      await devices.makeMdev({ ...mdev, uuid: context.ids.uuid() });
      isChanged = true;
    }
  } finally {
    if (isChanged) context.wake(computerKey);
  }
}

async function lookNow(context: Parts): Promise<{ readonly plan: MediatedPlan; readonly facts: HostDeviceFacts }> {
  const [host, facts] = await Promise.all([context.hostFacts(), context.host.devices.facts()]);
  return { plan: mediatedPlanNow(context, host, facts), facts };
}

export function mediatedPlanNow(context: Pick<Parts, 'store'>, { topology, hostname }: HostFacts, facts: HostDeviceFacts): MediatedPlan {
  const { store } = context;
  const spec: HyperConverged['spec'] = read(store, hyperConvergedKey)?.spec ?? {};
  const settings = read(store, { resource: resources.settings, name: 'default' });
  const { domains } = partitionOf(topology, hostname, settings?.spec.placement);
  return mediatedPlan(spec.mediatedDevicesConfiguration, {
    parents: facts.mdevParents ?? [],
    mdevs: facts.mdevs ?? [],
    held: heldNow(context),
    permitted: spec.permittedHostDevices ?? {},
    labelsOf: ({ name, numaNode }) =>
      read(store, { resource: resources.nodes, name: nearNode(domains, [name], numaNode) })?.metadata.labels ?? {},
  });
}
