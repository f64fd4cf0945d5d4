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

type Parts = Pick<EngineContext, 'store' | 'host' | 'hostFacts' | 'ids' | 'clock' | 'wake'>;

/** The same again at the first look after that: each look writes a status, and that makes another look. */
const againMs = 30_000;

export interface MediatedDevices {
  /** How they stand; undefined while nothing is wanted and nothing of ours is there. What is to be done is begun, and its end wakes us. */
  bringInOrder(): Promise<MediatedOutcome | undefined>;
  /** What was refused is asked for again. */
  retry(): void;
}

/** How asking the privileged program ended: a refusal is of what was wanted then. */
type Ended = { readonly generation: number; readonly refusal: AppError | undefined } | { readonly error: unknown };

export function createMediatedDevices(context: Parts): MediatedDevices {
  /** Nobody is asked for a password again and again: a refusal stands until something else is wanted, or somebody asks. */
  let refused: { readonly generation: number; readonly failure: string } | undefined;
  /** What was begun last. Somebody had the device, or took the last of its type: that passes, and is tried again after a while. */
  let tried: { readonly steps: string; readonly at: number; readonly conflict?: string } | undefined;
  let isBusy = false;
  let ended: Ended | undefined;
  /** Beside the turn of HyperConverged: somebody may have to give a password, and neither certificates nor our end wait for that. */
  const begin = (generation: number, plan: MediatedPlan): void => {
    const end = (how: Ended): void => {
      isBusy = false;
      ended = how;
      for (const key of [hyperConvergedKey, computerKey]) context.wake(key);
    };
    isBusy = true;
    tried = { steps: stepsOf(plan), at: context.clock.now() };
    act(context, plan).then(
      (refusal) => end({ generation, refusal }),
      (error: unknown) => end({ error }),
    );
  };
  const noteEnd = (how: Ended): void => {
    if ('error' in how) {
      tried = undefined;
      throw how.error;
    }
    const { generation, refusal } = how;
    if (refusal === undefined || tried === undefined) return;
    if (refusal.code === 'Conflict') tried = { ...tried, conflict: refusal.message };
    else refused = { generation, failure: refusal.message };
  };
  return {
    async bringInOrder() {
      const object = read(context.store, hyperConvergedKey);
      const isWanted = object?.spec.mediatedDevicesConfiguration !== undefined;
      if (!isWanted && !isBusy && ended === undefined && !(await context.host.devices.hasMadeMdevs())) return undefined;
      const last = ended;
      ended = undefined;
      if (last !== undefined) noteEnd(last);
      const generation = object?.metadata.generation ?? 0;
      if (refused?.generation !== generation) refused = undefined;
      const { plan, facts } = await lookNow(context);
      const isTried = tried?.steps === stepsOf(plan) && context.clock.now() < tried.at + againMs;
      const failure = refused?.failure ?? (isTried ? tried?.conflict : undefined);
      if (refused === undefined && !isTried && !isBusy && plan.remove.length + plan.make.length > 0) begin(generation, plan);
      if (!isWanted && !isBusy && failure === undefined && plan.causes.length === 0) return undefined;
      const there = (facts.mdevs ?? []).filter(({ isOurs }) => isOurs).length - plan.remove.length;
      return { there, causes: plan.causes, ...(isBusy ? { isPending: true } : {}), ...(failure === undefined ? {} : { failure }) };
    },
    retry() {
      refused = undefined;
      tried = undefined;
      context.wake(hyperConvergedKey);
    },
  };
}

function stepsOf({ remove, make }: MediatedPlan): string {
  return JSON.stringify([remove, make]);
}

/** What goes makes room for what comes: removed, looked again, made. */
async function act(context: Parts, before: MediatedPlan): Promise<AppError | undefined> {
  const { devices } = context.host;
  const refusal = await refusalOf(before.remove.map((uuid) => () => devices.removeMdev(uuid)));
  if (refusal !== undefined) return refusal;
  // A look that fails is no refusal.
  const { make } = before.remove.length === 0 ? before : (await lookNow(context)).plan;
  return refusalOf(make.map((mdev) => () => devices.makeMdev({ ...mdev, uuid: context.ids.uuid() })));
}

/** One after the other, until the privileged program, or whoever is asked for a password, says no to one. */
async function refusalOf(steps: readonly (() => Promise<void>)[]): Promise<AppError | undefined> {
  try {
    for (const step of steps) await step();
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error;
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
