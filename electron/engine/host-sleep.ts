// Owns what machines do while this computer sleeps: they stand still before it, and go on with the right time after it.
// Must not keep the computer awake longer than QEMU needs to answer.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import { isTrue } from '../core/status/conditions.ts';
import { isPausedForSleep } from '../core/status/qmp-event-status.ts';
import type { EngineContext } from './context.ts';
import { setGuestClock } from './guest-clock.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';
import { applyFact } from './vmi-facts.ts';

// logind waits five seconds by default, for everybody together.
const answerMs = 2_000;

export async function pauseForSleep(context: EngineContext): Promise<void> {
  await forEachRun(context, async (guest, vmi) => {
    if (isTrue(vmi.status?.conditions, 'Paused') || vmi.metadata.deletionTimestamp !== undefined) return;
    // Written down first: whatever becomes of the core, it is known why the machine stands still.
    applyFact(context, guest.key, { type: 'HostSleeps' });
    await guest.machine.qmp('stop', {}, answerMs);
  });
}

/** Also after a start of the core: one that died while the computer slept has left its machines standing. */
export async function resumeAfterSleep(context: EngineContext): Promise<void> {
  await forEachRun(context, async (guest, vmi) => {
    if (!isPausedForSleep(vmi.status)) return;
    await guest.machine.qmp('cont', {}, answerMs);
    if (guest.agentConnected) await setGuestClock(context, guest);
  });
}

async function forEachRun(context: EngineContext, work: (guest: Guest, vmi: VirtualMachineInstance) => Promise<void>): Promise<void> {
  const attempt = async (guest: Guest): Promise<void> => {
    const vmi = read(context.store, { ...guest.key, resource: resources.virtualMachineInstances });
    if (vmi === undefined || vmi.metadata.uid !== guest.machine.vmi.uid || phaseOf(vmi) !== 'Running') return;
    try {
      await work(guest, vmi);
    } catch (error) {
      context.log.warn('A machine could not be told of the sleep of this computer', { machine: vmi.metadata.name, error: textOf(error) });
    }
  };
  await Promise.all(context.machines.all().map(attempt));
}
