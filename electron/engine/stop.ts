// Owns ending a machine within its grace period: climbs the ladder rung by rung.
// Must not wait on a rung: it comes back when the next one is due.
import { annotations } from '../api/annotations.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { type StopRung, stopLadder } from '../core/reconcile/stop-ladder.ts';
import { isTrue } from '../core/status/conditions.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { keepPicture } from './pictures.ts';
import { textOf } from './queue.ts';
import { cancelSoftReboot } from './soft-reboot.ts';
import { applyFact } from './vmi-facts.ts';

/** KubeVirt's v1.DefaultGracePeriodSeconds. */
const defaultGraceSeconds = 30;
// A QEMU that does not answer must not hold up the harder rungs.
const answerMs = 2_000;

export async function climbStopLadder(context: EngineContext, vmi: VirtualMachineInstance, guest: Guest): Promise<void> {
  const { clock } = context;
  const stop = (guest.stop ??= await begin(context, vmi, guest));
  const { acpi } = vmi.spec.domain.features ?? {};
  const ladder = stopLadder({
    graceSeconds: vmi.metadata.deletionGracePeriodSeconds ?? vmi.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds,
    acpi: acpi?.enabled !== false,
    agent: guest.agentConnected,
    paused: isTrue(vmi.status?.conditions, 'Paused'),
  });
  for (const { rung, afterMs } of ladder) {
    if (stop.taken.has(rung)) continue;
    if (stop.since + afterMs > clock.now()) {
      context.wakeAt(guest.key, stop.since + afterMs);
      return;
    }
    stop.taken.add(rung);
    await take(context, guest, rung);
  }
}

async function begin(context: EngineContext, vmi: VirtualMachineInstance, guest: Guest): Promise<NonNullable<Guest['stop']>> {
  const now = context.clock.now();
  const unasked = vmi.metadata.deletionTimestamp === undefined;
  const bitten = unasked && vmi.status?.reason !== 'LivenessProbeFailed';
  // Written with whole seconds. Older than that: an earlier core began to stop it, and the guest has had that time.
  const asked = Date.parse(vmi.metadata.deletionTimestamp ?? vmi.metadata.annotations?.[annotations.shutdownSince] ?? '');
  const since = now - asked < 1000 ? now : asked;
  // It may come back by itself, and is no machine that is being stopped then.
  if (!unasked) applyFact(context, guest.key, { type: 'Stopping' });
  context.events.record(vmi, {
    type: 'Normal',
    reason: 'ShuttingDown',
    message: bitten ? 'The watchdog pressed the power button.' : 'Signaled Graceful Shutdown',
  });
  keepPicture(context, guest);
  await attempt(context, { guest, step: 'cancel a reboot' }, () => cancelSoftReboot(context, guest));
  // QEMU pressed it already.
  return { since, taken: new Set(bitten ? (['powerButton'] as const) : []) };
}

async function take(context: EngineContext, guest: Guest, rung: StopRung): Promise<void> {
  const { machine } = guest;
  switch (rung) {
    case 'resume':
      return attempt(context, { guest, step: rung }, () => machine.qmp('cont', {}, answerMs));
    case 'powerButton':
      return attempt(context, { guest, step: rung }, () => machine.qmp('system_powerdown', {}, answerMs));
    case 'agent':
      return attempt(context, { guest, step: rung }, () => machine.agent('guest-shutdown', { mode: 'powerdown' }, answerMs));
    case 'quit':
      return attempt(context, { guest, step: rung }, async () => {
        try {
          await machine.qmp('quit', {}, answerMs);
        } catch (error) {
          // The same, for a QEMU whose monitor hangs.
          machine.kill('SIGTERM');
          throw error;
        }
      });
    case 'kill':
      machine.kill('SIGKILL');
  }
}

/** A rung that breaks is no failure: the machine may have just ended, and the next rung is harder. */
async function attempt(
  context: EngineContext,
  { guest, step }: { readonly guest: Guest; readonly step: string },
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    context.log.info('A step of a stop had no answer', { machine: guest.machine.vmi.name, step, error: textOf(error) });
  }
}
