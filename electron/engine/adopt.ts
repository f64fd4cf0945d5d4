// Owns taking over the machines that run when the core starts, and writing down what happened to the others.
// Must not decide case by case; core/reconcile/adoption.ts has the table.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../api/lifecycle.ts';
import type { Json, ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { ExitFact } from '../core/facts.ts';
import { adoptionStep, runStateStep } from '../core/reconcile/adoption.ts';
import { stateOwnerOf } from '../core/reconcile/vmi-of-vm.ts';
import { isTrue } from '../core/status/conditions.ts';
import type { EngineContext } from './context.ts';
import { keepEvidence } from './failures.ts';
import type { Guest } from './machines.ts';
import type { FoundMachine, RunningMachine } from './ports.ts';
import { textOf } from './queue.ts';
import { finishSoftReboot, resumeSoftReboot } from './soft-reboot.ts';
import { readAll } from './typed.ts';
import { applyUnreadFacts } from './vmi-facts.ts';

/** Once, before anything else is looked at. One machine that cannot be adopted does not keep the others from it. */
export async function adoptAll(context: EngineContext): Promise<void> {
  const found = await context.host.machines.scan();
  const byUid = new Map(readAll(context.store, resources.virtualMachineInstances).map((vmi) => [vmi.metadata.uid, vmi]));
  const attempt = async (one: FoundMachine): Promise<void> => {
    try {
      await adoptOne(context, one, byUid.get(one.vmi.uid));
    } catch (error) {
      context.log.error('A machine that was found could not be dealt with; it is tried again', {
        machine: one.vmi.name,
        error: textOf(error),
      });
    }
  };
  await Promise.all(found.map(attempt));
  const seen = new Set(found.map(({ vmi }) => vmi.uid));
  for (const vmi of byUid.values()) {
    if (phaseOf(vmi) === 'Running' && !seen.has(vmi.metadata.uid)) recordExit(context, vmi, { type: 'Lost' });
  }
}

/** For a run that is written down as Running and that nobody holds. Throws when it is there and does not answer. */
export async function adoptMissing(context: EngineContext, vmi: VirtualMachineInstance): Promise<void> {
  const found = (await context.host.machines.scan()).find((one) => one.vmi.uid === vmi.metadata.uid);
  if (found === undefined) recordExit(context, vmi, { type: 'Lost' });
  else await adoptOne(context, found, vmi);
  context.wake(keyOfVmi(vmi));
}

async function adoptOne(context: EngineContext, found: FoundMachine, vmi: VirtualMachineInstance | undefined): Promise<void> {
  const { host, log } = context;
  const step = adoptionStep(found.state, vmi);
  switch (step.type) {
    case 'Adopt':
      if (vmi !== undefined) await adopt(context, found, vmi);
      return;
    case 'EndUnstarted':
    case 'EndForgotten':
      log.warn('A machine without a run is ended', { machine: found.vmi.name, uid: found.vmi.uid, why: step.type });
      await end(context, found, step.type === 'EndForgotten');
      return;
    case 'RecordExit':
      if (vmi !== undefined) {
        recordExit(context, vmi, step.exit);
        await keepEvidence(context, vmi);
      }
      await host.machines.removeRunDir(found.runDir);
      return;
    case 'RemoveLeftovers':
      await host.machines.removeRunDir(found.runDir);
      return;
    case 'ReportUnknown':
      reportUnknown(context, found);
      return;
  }
}

async function adopt(context: EngineContext, found: FoundMachine, vmi: VirtualMachineInstance): Promise<void> {
  const { host, machines, clock } = context;
  const hear = machines.listener(found.vmi);
  const machine = await host.machines.adopt(found, hear);
  const guest: Guest = {
    machine,
    key: keyOfVmi(vmi),
    runDir: found.runDir,
    stateOwner: stateOwnerOf(vmi),
    stop: undefined,
    softReboot: undefined,
    isBeingSaved: false,
    clockIsBehind: false,
    agentConnected: false,
    resets: {},
    hasPanicked: false,
    sentActions: undefined,
    cards: undefined,
    hostDevices: undefined,
    keptDevices: new Set(),
    limits: undefined,
    size: undefined,
  };
  const runState = runStateOf(await machine.qmp('query-status'));
  machines.add(guest);
  await resumeSoftReboot(context, guest, vmi);
  const step = runStateStep(runState, isTrue(vmi.status?.conditions, 'Paused'));
  switch (step.type) {
    case 'Nothing':
      return;
    case 'Continue':
      await machine.qmp('cont');
      return;
    case 'FinishReboot':
      await finishSoftReboot(context, guest);
      return;
    case 'HearPanic':
      hear({ type: 'QmpEvent', event: 'GUEST_PANICKED', data: { action: 'pause' }, at: clock.now() });
      return;
    case 'HearWatchdog':
      hear({ type: 'QmpEvent', event: 'WATCHDOG', data: { action: 'pause' }, at: clock.now() });
      return;
    case 'AnswerPanic':
      guest.hasPanicked = true;
      return;
    case 'HearStop':
      hear({ type: 'QmpEvent', event: 'STOP', data: {}, at: clock.now() });
      return;
    case 'HearResume':
      hear({ type: 'QmpEvent', event: 'RESUME', data: {}, at: clock.now() });
      return;
  }
}

/** A guest that has run may have unwritten data: its QEMU at least closes the images. */
async function end({ host }: EngineContext, found: FoundMachine, hasRun: boolean): Promise<void> {
  const machine: RunningMachine = await host.machines.adopt(found, () => undefined);
  machine.kill(hasRun ? 'SIGTERM' : 'SIGKILL');
  await machine.exited;
  await machine.detach();
  await host.machines.removeRunDir(found.runDir);
}

function recordExit(context: EngineContext, vmi: VirtualMachineInstance, exit: ExitFact): void {
  const { namespace = 'default', name, uid } = vmi.metadata;
  context.machines.listener({ namespace, name, uid })({ type: 'Exited', exit, at: context.clock.now() });
  applyUnreadFacts(context, keyOfVmi(vmi));
}

function reportUnknown({ log, events, store }: EngineContext, { vmi, runDir }: FoundMachine): void {
  const message = `A machine that nobody defined is running: ${vmi.namespace}/${vmi.name} (uid ${vmi.uid}). It is left alone. Its sockets are in ${runDir}; end it by its pid file there.`;
  log.warn(message);
  const project =
    store.get({ resource: resources.namespaces, name: vmi.namespace }) ?? store.get({ resource: resources.namespaces, name: 'default' });
  if (project !== undefined) events.record(project, { type: 'Warning', reason: 'UnknownMachine', message });
}

function keyOfVmi({ metadata: { namespace = 'default', name } }: VirtualMachineInstance): ObjectKey {
  return { resource: resources.virtualMachineInstances, namespace, name };
}

function runStateOf(answer: Json): string {
  const status = typeof answer === 'object' && answer !== null && 'status' in answer ? answer['status'] : undefined;
  return typeof status === 'string' ? status : 'running';
}
