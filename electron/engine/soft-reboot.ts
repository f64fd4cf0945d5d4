// Owns rebooting a guest politely: by its agent, else by the power button and a reset when it is down.
// Must not reset a guest that is still up; that is the verb `reset`.
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';

// A guest that ignores its button for so long will not answer it; its next shutdown must be one again.
const patienceMs = 300_000;

/**
 * What libvirt's virDomainReboot does for KubeVirt: an agent restarts the guest itself; the button only shuts it down,
 * so QEMU is told to wait then instead of ending, and is reset.
 */
export async function softReboot(context: EngineContext, guest: Guest): Promise<void> {
  const { machine } = guest;
  if (guest.agentConnected) {
    await machine.agent('guest-shutdown', { mode: 'reboot' });
    return;
  }
  guest.softReboot?.giveUp();
  const giveUp = context.clock.after(patienceMs, () => void endPatience(context, guest));
  guest.softReboot = { giveUp, isDown: false };
  await machine.qmp('set-action', { shutdown: 'pause' });
  await machine.qmp('system_powerdown');
}

/** Whether an event is part of the reboot, and means neither an end nor a pause. */
export function hearHalfOfReboot({ softReboot: reboot }: Guest, event: string): boolean {
  if (reboot === undefined || (event !== 'SHUTDOWN' && event !== 'STOP')) return false;
  if (event === 'SHUTDOWN') reboot.isDown = true;
  return true;
}

/** The guest is down and waits: up with it. */
export async function finishSoftReboot(guest: Guest): Promise<void> {
  const { machine } = guest;
  guest.softReboot?.giveUp();
  await machine.qmp('system_reset');
  await machine.qmp('set-action', { shutdown: 'poweroff' });
  await machine.qmp('cont');
  guest.softReboot = undefined;
}

/** A stop was asked for: the guest's next shutdown is its last. */
export async function cancelSoftReboot(guest: Guest): Promise<void> {
  if (guest.softReboot === undefined) return;
  guest.softReboot.giveUp();
  guest.softReboot = undefined;
  await guest.machine.qmp('set-action', { shutdown: 'poweroff' });
}

async function endPatience({ log }: EngineContext, guest: Guest): Promise<void> {
  try {
    await cancelSoftReboot(guest);
  } catch (error) {
    log.info('A reboot could not be taken back: the machine has ended', { machine: guest.machine.vmi.name, error: textOf(error) });
  }
}
