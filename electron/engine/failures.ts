// Owns what is done when a guest hangs or panics: evidence first, then the action that its definition asks for.
// Must not decide which; core/qemu/failure-actions.ts does.
import { annotations } from '../api/annotations.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { failureActions, qemuPanicAction } from '../core/qemu/failure-actions.ts';
import { stateOwnerOf } from '../core/reconcile/vmi-of-vm.ts';
import { isScreenLeft } from '../core/status/failure-evidence.ts';
import { sameJson } from '../core/status/same-json.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import type { ScreenPicture } from './ports.ts';
import { textOf } from './queue.ts';
import { climbStopLadder } from './stop.ts';

/** Everything that was noted since the last time. A picture is taken while there is a screen; the last look at it stands for one that is gone. */
export async function keepEvidence(context: EngineContext, vmi: VirtualMachineInstance, guest?: Guest): Promise<void> {
  const { host, log, machines } = context;
  for (const report of machines.takeFailures(vmi.metadata.uid)) {
    const fresh = guest !== undefined && isScreenLeft(report) ? await pictureOf(context, guest) : undefined;
    try {
      await host.machines.keepEvidence(stateOwnerOf(vmi), report, fresh ?? (await lastLook(context, vmi)));
    } catch (error) {
      // A full disk must not keep a machine from being restarted.
      log.warn('Evidence of a failure could not be kept', { machine: vmi.metadata.name, error: textOf(error) });
    }
  }
}

async function pictureOf({ clock }: EngineContext, { machine }: Guest): Promise<ScreenPicture | undefined> {
  try {
    return { png: await machine.screenshot(), at: clock.now() };
  } catch {
    // No graphics card, or the guest is gone already.
    return undefined;
  }
}

async function lastLook({ host, log }: EngineContext, vmi: VirtualMachineInstance): Promise<ScreenPicture | undefined> {
  const { runDir } = host.machines.directories(vmi.metadata.uid, stateOwnerOf(vmi));
  try {
    return await host.machines.lastLook(runDir);
  } catch (error) {
    log.info('The last look at a screen could not be read', { machine: vmi.metadata.name, error: textOf(error) });
    return undefined;
  }
}

/** Of a guest that goes on, or stands still after a panic. */
export async function answerFailures(context: EngineContext, vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
  if (guest.hasPanicked) {
    guest.hasPanicked = false;
    await answerPanic(context, vmi, guest);
  } else if (vmi.metadata.annotations?.[annotations.shutdownSince] !== undefined) {
    await climbStopLadder(context, vmi, guest);
  } else {
    await sendActions(context, vmi, guest);
  }
}

async function answerPanic(context: EngineContext, vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
  const { machine } = guest;
  switch (failureActions(vmi).panic) {
    case 'reset':
      await machine.qmp('system_reset');
      await machine.qmp('cont');
      return;
    case 'poweroff':
    // Its device was taken out of the definition while it ran.
    case undefined:
      try {
        await machine.qmp('quit');
      } catch (error) {
        context.log.info('A guest that panicked is ended by a signal', { machine: machine.vmi.name, error: textOf(error) });
        machine.kill('SIGTERM');
      }
      return;
    case 'pause':
    case 'none':
      return;
  }
}

/** What the definition says now, when it is not what QEMU was told. */
async function sendActions({ log, events }: EngineContext, vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
  const { machine, sentActions } = guest;
  const wanted = failureActions(vmi);
  if (sameJson(sentActions, wanted)) return;
  guest.sentActions = wanted;
  try {
    if (wanted.watchdog !== undefined) await machine.qmp('watchdog-set-action', { action: wanted.watchdog });
    if (wanted.panic !== undefined) await machine.qmp('set-action', { panic: qemuPanicAction(wanted.panic) });
  } catch (error) {
    log.warn('What is done when the guest fails could not be changed', { machine: machine.vmi.name, error: textOf(error) });
    return;
  }
  // After an adoption it is only said again.
  if (sentActions === undefined || wanted.watchdog === sentActions.watchdog) return;
  events.record(vmi, {
    type: 'Normal',
    reason: 'WatchdogAction',
    message: `The action of the watchdog is ${wanted.watchdog ?? 'none'} now.`,
  });
}
