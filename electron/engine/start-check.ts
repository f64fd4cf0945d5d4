// Owns the start check: the same way as a start, up to the plan, and not a step further.
// Must not change anything.
import { AppError, type Cause } from '../api/errors.ts';
import type { FixAction } from '../api/fix-actions.ts';
import type { Secret } from '../api/kinds/secret.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { lifecycle, machineState } from '../api/lifecycle.ts';
import type { DraftObject, ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { StartCheck } from '../api/start-check.ts';
import type { LaunchFacts } from '../core/facts.ts';
import { chargeFactsOf } from '../core/placement/place-machine.ts';
import { chargeReport } from '../core/quota/charge-report.ts';
import { launchDecision } from '../core/qemu/launch.ts';
import { type Argument, valueText } from '../core/qemu/launch-plan.ts';
import { textOfBase64 } from '../core/qemu/secret-text.ts';
import { dataVolumesOfVm } from '../core/reconcile/disk-of-data-volume.ts';
import { vmiOfVm } from '../core/reconcile/vmi-of-vm.ts';
import type { EngineContext } from './context.ts';
import { gatherLaunchFacts } from './launch-facts.ts';
import { chosenBy } from './instancetypes.ts';
import { notFound } from './removal.ts';
import { read } from './typed.ts';

/**
 * `objects` are not stored and count as if they were: the machine itself, Secrets that would come with it.
 * Throws NotFound, and Invalid with every cause when one of the objects could not be stored.
 */
export async function startCheck(context: EngineContext, key: ObjectKey, objects: readonly DraftObject[] = []): Promise<StartCheck> {
  await context.knowComputer();
  const { namespace = 'default' } = key;
  const draft = draftMachine(key, objects);
  const secrets = objects.filter(({ kind }) => kind === 'Secret');
  const texts = secrets.map((secret) => secretText(context.objects.preview({ resource: resources.secrets, namespace }, secret) as Secret));
  const vm =
    draft === undefined
      ? read(context.store, { ...key, resource: resources.virtualMachines })
      : (context.objects.preview({ resource: resources.virtualMachines, namespace }, draft) as VirtualMachine);
  if (vm === undefined) throw notFound({ ...key, resource: resources.virtualMachines });
  const current = draft === undefined ? read(context.store, { ...key, resource: resources.virtualMachineInstances }) : undefined;
  const check = await checkOf(context, { vm, current, secrets: Object.fromEntries(texts) });
  return draft === undefined ? check : withoutWaiting(check);
}

function draftMachine({ name }: ObjectKey, objects: readonly DraftObject[]): DraftObject | undefined {
  const machines = objects.filter(({ kind }) => kind === 'VirtualMachine');
  const [machine] = machines;
  if (machines.length > 1) throw new AppError('BadRequest', 'A start is of one VirtualMachine: send it once.');
  if (machine !== undefined && machine.metadata.name !== name) {
    throw new AppError('BadRequest', `the name of the object (${machine.metadata.name}) does not match the name on the URL (${name})`);
  }
  return machine;
}

function secretText({ metadata, data = {} }: Secret): readonly [string, Readonly<Record<string, string>>] {
  return [metadata.name, Object.fromEntries(Object.entries(data).map(([key, value]) => [key, textOfBase64(value)]))];
}

/** Disks that come with a machine are no reason against making it. */
function withoutWaiting(check: StartCheck): StartCheck {
  const coming = check.causes.filter(({ reason }) => reason === 'VolumeImporting');
  const causes = check.causes.filter(({ reason }) => reason !== 'VolumeImporting');
  return { ...check, allowed: causes.length === 0, causes, passed: [...check.passed, ...coming.map(({ message }) => message)] };
}

interface Checked {
  readonly vm: VirtualMachine;
  /** Its run, when there is one. */
  readonly current: VirtualMachineInstance | undefined;
  /** Texts of Secrets that are not stored. */
  readonly secrets: LaunchFacts['secrets'];
}

async function checkOf(context: EngineContext, { vm, current, secrets }: Checked): Promise<StartCheck> {
  const verdict = lifecycle('start', machineState(vm, current));
  const would = wouldBe(context, vm, current);
  const gathered = withComing(vm, await gatherLaunchFacts(context, would));
  const facts = { ...gathered, secrets: { ...gathered.secrets, ...secrets } };
  const decision = launchDecision(would, facts);
  const onMachine = (cause: Cause): Cause => causeOfMachine(context, vm, cause);
  const refusal: readonly Cause[] = verdict.allowed ? [] : [{ reason: 'LifecycleConflict', field: '', message: verdict.message }];
  // Of a machine that runs, only that it runs speaks against a start: its own disks are in use by itself.
  const causes =
    context.machines.get(would.metadata.uid) === undefined ? [...refusal, ...offeredOnce(decision.causes.map(onMachine))] : refusal;
  return {
    apiVersion: 'virtdeck.io/v1alpha1',
    kind: 'StartCheck',
    allowed: causes.length === 0,
    causes,
    warnings: decision.warnings.map(onMachine),
    passed: decision.passed,
    charge: chargeReport(would, facts.quota, chargeFactsOf(facts.placement, facts.host.accelerator.inUse)),
    ...(decision.plan === undefined
      ? {}
      : { command: [{ flag: decision.plan.binary }, ...decision.plan.args.map((row) => argument(vm, row))] }),
  };
}

/** The run that a start would make; of a machine that runs, that very run. */
function wouldBe(context: EngineContext, vm: VirtualMachine, current: VirtualMachineInstance | undefined): VirtualMachineInstance {
  if (current !== undefined && context.machines.get(current.metadata.uid) !== undefined) return current;
  return context.objects.preview(
    { resource: resources.virtualMachineInstances, namespace: vm.metadata.namespace ?? 'default' },
    vmiOfVm(vm, { paused: false, choice: chosenBy(context.store, vm).choice }),
  ) as VirtualMachineInstance;
}

/** Disks that the machine brings along are made first; that they are not there yet is no reason. */
function withComing(vm: VirtualMachine, facts: LaunchFacts): LaunchFacts {
  const brought = dataVolumesOfVm(vm).map(({ metadata }) => metadata.name);
  const named = new Map(
    (vm.spec.template.spec?.volumes ?? []).map((volume) => [
      volume.name,
      volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName,
    ]),
  );
  const volumes = Object.entries(facts.volumes).map(([name, fact]) => {
    const isComing = fact.state === 'missing' && brought.includes(named.get(name) ?? '');
    return [
      name,
      isComing ? ({ state: 'importing', message: `The disk ${named.get(name)} is made with the machine.` } as const) : fact,
    ] as const;
  });
  return { ...facts, volumes: Object.fromEntries(volumes) };
}

function causeOfMachine(context: EngineContext, vm: VirtualMachine, cause: Cause): Cause {
  const field = fieldOfMachine(vm, cause.field);
  if (cause.actions === undefined) return { ...cause, field };
  return { ...cause, field, actions: cause.actions.map((action) => actionOfMachine(context, vm, action)) };
}

/** What is decided is the run; what is changed is the machine that it is made of. */
function actionOfMachine(context: EngineContext, vm: VirtualMachine, action: FixAction): FixAction {
  if (action.type === 'StopMachine') {
    const { namespace, name } = action;
    const isOwned = read(context.store, { resource: resources.virtualMachines, namespace, name }) !== undefined;
    return isOwned ? action : { ...action, isInstance: true };
  }
  if (action.type !== 'PatchMachine') return action;
  const patch = action.patch.map((operation) => ({
    ...operation,
    path: pathOfMachine(vm, operation.path),
    ...(operation.from === undefined ? {} : { from: pathOfMachine(vm, operation.from) }),
  }));
  return { ...action, patch };
}

/** As fieldOfMachine, for JSON pointers. */
function pathOfMachine(vm: VirtualMachine, path: string): string {
  const annotation = /^\/metadata\/annotations\/(.+)$/.exec(path)?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~');
  const isOnTemplate = annotation === undefined || vm.spec.template.metadata?.annotations?.[annotation] !== undefined;
  return isOnTemplate ? `/spec/template${path}` : path;
}

/** Every node may say the same: a button that does the same is shown with the first. */
function offeredOnce(causes: readonly Cause[]): readonly Cause[] {
  const offered = new Set<string>();
  return causes.map(({ actions, ...cause }) => {
    const fresh = (actions ?? []).filter((action) => {
      const text = JSON.stringify(action);
      return !offered.has(text) && offered.add(text) !== undefined;
    });
    return fresh.length === 0 ? cause : { ...cause, actions: fresh };
  });
}

/** Fields of the run, as the user finds them in his machine. An annotation may stand on either. */
function fieldOfMachine(vm: VirtualMachine, field: string): string {
  const annotation = /^metadata\.annotations\['?([^'\]]+)'?\]/.exec(field)?.[1];
  const isOnTemplate =
    annotation === undefined ? field.startsWith('spec.') : vm.spec.template.metadata?.annotations?.[annotation] !== undefined;
  return isOnTemplate ? `spec.template.${field}` : field;
}

function argument(vm: VirtualMachine, { flag, value, field, reason }: Argument): NonNullable<StartCheck['command']>[number] {
  return {
    flag,
    ...(value === undefined ? {} : { value: valueText(value) }),
    ...(field === undefined ? {} : { field: fieldOfMachine(vm, field) }),
    ...(reason === undefined ? {} : { reason }),
  };
}
