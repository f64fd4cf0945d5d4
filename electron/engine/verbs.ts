// Owns start, stop, restart, pause, unpause, softreboot and reset: each as one stored intent, or one command to the guest.
// Must not allow anything that the lifecycle table refuses.
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { conflictText, lifecycle, machineState, phaseOf } from '../api/lifecycle.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { MachineVerb, MachineVerbOptions } from '../api/verbs.ts';
import { wished, withRequests } from '../core/reconcile/intent.ts';
import { openRequests } from '../core/reconcile/state-changes.ts';
import { savedStateOf } from '../core/snapshots/saved-state.ts';
import type { EngineContext } from './context.ts';
import type { WriteOptions } from './engine-port.ts';
import type { Guest } from './machines.ts';
import { recordUpdate } from './ownership.ts';
import type { StoreReader } from './ports.ts';
import { notFound } from './removal.ts';
import { record } from './revisions.ts';
import { softReboot } from './soft-reboot.ts';
import { read } from './typed.ts';

type Options = MachineVerbOptions & Pick<WriteOptions, 'manager'>;

export async function act(
  context: EngineContext,
  verb: MachineVerb,
  { key, options }: { readonly key: ObjectKey; readonly options: Options },
): Promise<void> {
  switch (verb) {
    case 'start':
    case 'stop':
    case 'restart':
      storeIntent(context, verb, { key, options });
      return;
    case 'pause':
      return command(context, { verb, key, options }, async ({ machine }) => void (await machine.qmp('stop')));
    case 'unpause':
      return command(context, { verb, key, options }, async ({ machine }) => void (await machine.qmp('cont')));
    case 'softreboot':
      return command(context, { verb, key, options }, (guest) => softReboot(context, guest));
    case 'reset':
      return command(context, { verb, key, options }, async ({ machine }) => void (await machine.qmp('system_reset')));
  }
}

/** In one transaction with the check: what was allowed is what is stored. */
function storeIntent(
  context: EngineContext,
  verb: 'start' | 'stop' | 'restart',
  { key, options }: { readonly key: ObjectKey; readonly options: Options },
): void {
  const { store, clock } = context;
  store.transaction((tx) => {
    const { vm, vmi } = pair(tx, key);
    if (vm === undefined) throw notFound({ ...key, resource: resources.virtualMachines });
    refuseUnlessAllowed(verb, { vm, vmi, options, key });
    if (options.discardChanges === true && savedStateOf(vm) !== undefined) throw suspended(key);
    if (options.dryRun === true) return;
    const next = wished(verb, { vm, vmi, options });
    if (next !== vm) {
      const after = tx.replace(resources.virtualMachines, next);
      record(tx, clock, { operation: verb, key: { ...key, resource: resources.virtualMachines }, before: vm, after, options });
      // The run strategy is then whoever pressed Start's, under the name KubeVirt writes: who applies another one hears of it.
      recordUpdate(
        tx,
        { ...key, resource: resources.virtualMachines },
        { before: vm, after: { ...next }, manager: 'virt-api', now: clock.now() },
      );
    }
    if (vmi !== undefined && verb !== 'start' && options.gracePeriodSeconds !== undefined) {
      tx.replace(resources.virtualMachineInstances, withGrace(vmi, options.gracePeriodSeconds));
    }
  });
}

/** It would go on with a memory of disks that are not those it gets. */
function suspended({ name }: ObjectKey): AppError {
  const message = 'The machine is suspended to disk: a start goes on where it was, and keeps what it writes.';
  return new AppError('Conflict', conflictText('start', name, message), {
    causes: [{ reason: 'LifecycleConflict', field: '', message, fix: 'Start it as it is, or discard its saved state first.' }],
  });
}

function withGrace(vmi: VirtualMachineInstance, seconds: number): VirtualMachineInstance {
  return { ...vmi, spec: { ...vmi.spec, terminationGracePeriodSeconds: seconds } };
}

interface Command {
  readonly verb: MachineVerb;
  readonly key: ObjectKey;
  readonly options: MachineVerbOptions;
}

/** These change nothing that is stored: what comes of them is told by the machine. */
async function command(context: EngineContext, { verb, key, options }: Command, send: (guest: Guest) => Promise<void>): Promise<void> {
  const { vm, vmi } = pair(context.store, key);
  if (vmi === undefined) throw notFound({ ...key, resource: resources.virtualMachineInstances });
  refuseUnlessAllowed(verb, { vm, vmi, options, key });
  if (options.dryRun !== true) await send(guestOf(context, vmi));
}

/** The handle of a machine that is written down as Running. Throws Conflict when it is not held, ServiceUnavailable while it is being adopted. */
export function guestOf({ machines }: EngineContext, vmi: VirtualMachineInstance): Guest {
  const guest = machines.get(vmi.metadata.uid);
  if (guest !== undefined) return guest;
  const { name } = vmi.metadata;
  if (phaseOf(vmi) !== 'Running')
    throw new AppError('Conflict', `Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "${name}": VMI is not running`);
  throw new AppError('ServiceUnavailable', `The machine ${name} does not answer. Its state is being looked at; try again in a moment.`);
}

function pair(
  reader: StoreReader,
  key: ObjectKey,
): { readonly vm: VirtualMachine | undefined; readonly vmi: VirtualMachineInstance | undefined } {
  const vm = read(reader, { ...key, resource: resources.virtualMachines });
  const vmi = read(reader, { ...key, resource: resources.virtualMachineInstances });
  // A run of the same name may belong to a machine that was deleted and made anew.
  const isOwn = vm === undefined || vmi?.metadata.ownerReferences?.some(({ uid }) => uid === vm.metadata.uid) === true;
  const run = isOwn ? vmi : undefined;
  // What has been done is taken off the list when the controller comes to it; who asks in between must not hear that it is under way.
  return { vm: vm?.status?.stateChangeRequests === undefined ? vm : withRequests(vm, openRequests(vm, run)), vmi: run };
}

function refuseUnlessAllowed(
  verb: MachineVerb,
  {
    vm,
    vmi,
    options,
    key,
  }: {
    readonly vm: VirtualMachine | undefined;
    readonly vmi: VirtualMachineInstance | undefined;
    readonly options: MachineVerbOptions;
    readonly key: ObjectKey;
  },
): void {
  const verdict = lifecycle(verb, machineState(vm, vmi), options);
  if (verdict.allowed) return;
  throw new AppError('Conflict', conflictText(verb, key.name, verdict.message), {
    causes: [{ reason: 'LifecycleConflict', field: '', message: verdict.message }],
  });
}
