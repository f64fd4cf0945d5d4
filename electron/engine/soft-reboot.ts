// Owns rebooting a guest politely: by its agent, else by the power button and a reset when it is down.
// Must not reset a guest that is still up; that is the verb `reset`.
import { annotations } from '../api/annotations.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { timestamp } from '../core/status/conditions.ts';
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
  // Written down first: a core that is killed in the middle leaves a QEMU that waits when its guest is down.
  expectHalf(context, guest, context.clock.now() + patienceMs);
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
export async function finishSoftReboot(context: EngineContext, guest: Guest): Promise<void> {
  const { machine } = guest;
  await machine.qmp('system_reset');
  await machine.qmp('set-action', { shutdown: 'poweroff' });
  await machine.qmp('cont');
  forget(context, guest);
}

/** A stop was asked for, or nothing came of it: the guest's next shutdown is its last. */
export async function cancelSoftReboot(context: EngineContext, guest: Guest): Promise<void> {
  if (guest.softReboot === undefined) return;
  forget(context, guest);
  await guest.machine.qmp('set-action', { shutdown: 'poweroff' });
}

/** After an adoption: what the core before was in the middle of. */
export async function resumeSoftReboot(context: EngineContext, guest: Guest, vmi: VirtualMachineInstance): Promise<void> {
  const until = Date.parse(vmi.metadata.annotations?.[annotations.rebootUntil] ?? '');
  if (Number.isNaN(until)) return;
  expectHalf(context, guest, until);
  if (until <= context.clock.now()) await cancelSoftReboot(context, guest);
}

function expectHalf(context: EngineContext, guest: Guest, until: number): void {
  guest.softReboot?.giveUp();
  const giveUp = context.clock.after(Math.max(0, until - context.clock.now()), () => void endPatience(context, guest));
  guest.softReboot = { giveUp, isDown: false };
  context.objects.change(guest.key, (object) => ({
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [annotations.rebootUntil]: timestamp(until) } },
  }));
}

function forget({ objects }: EngineContext, guest: Guest): void {
  guest.softReboot?.giveUp();
  guest.softReboot = undefined;
  objects.change(guest.key, (object) => {
    const { [annotations.rebootUntil]: _over, ...kept } = object.metadata.annotations ?? {};
    return { ...object, metadata: { ...object.metadata, annotations: kept } };
  });
}

async function endPatience(context: EngineContext, guest: Guest): Promise<void> {
  try {
    await cancelSoftReboot(context, guest);
  } catch (error) {
    context.log.info('A reboot could not be taken back: the machine has ended', { machine: guest.machine.vmi.name, error: textOf(error) });
  }
}
