// Owns what the end of a QEMU process means for its run (virt-handler's calculateVmPhaseForStatusReason).
// Must not guess at ends that nobody saw; the fact says how much is known.
import type { VirtualMachineInstance, VirtualMachineInstanceStatus } from '../../api/kinds/virtual-machine-instance.ts';
import type { ExitFact, OutOfMemoryFact } from '../facts.ts';
import { ended } from './phase-changes.ts';

export function statusAfterExit(vmi: VirtualMachineInstance, exit: ExitFact, now: number): VirtualMachineInstanceStatus {
  const old = vmi.status ?? {};
  // Set by GUEST_PANICKED and by a watchdog that cut the power: QEMU itself then ends politely.
  if (old.reason !== undefined && exit.type !== 'OutOfMemory') {
    return ended(old, 'Failed', { reason: old.reason, message: endMessages.get(old.reason) ?? 'The guest was ended.', now });
  }
  switch (exit.type) {
    case 'GuestShutdown':
      return ended(old, 'Succeeded', { message: 'The guest shut down.', now });
    case 'EndedUnwatched':
      return ended(old, 'Succeeded', { message: 'The machine ended while Virtdeck was not running.', now });
    case 'HostStopped': {
      if (exit.signal === undefined) return ended(old, 'Succeeded', { message: 'The machine was stopped.', now });
      // Without ACPI there is no button to press, so a signal is the orderly end.
      const acpi = vmi.spec.domain.features?.acpi?.enabled !== false;
      const message = `The guest did not shut down within its grace period and was ended with ${exit.signal}.`;
      return acpi
        ? ended(old, 'Failed', { reason: 'Destroyed', message, now })
        : ended(old, 'Succeeded', { message: 'The machine was stopped.', now });
    }
    case 'Crashed':
      return ended(old, 'Failed', { reason: 'Crashed', message: crashMessage(exit), now });
    case 'Killed':
      return ended(old, 'Failed', { reason: 'Killed', message: `Somebody ended QEMU with ${exit.signal}.`, now });
    case 'Lost':
      return ended(old, 'Failed', {
        reason: 'Lost',
        message: 'The machine is not there any more: the computer was restarted, or somebody removed its process and its traces.',
        now,
      });
    case 'OutOfMemory':
      return ended(old, 'Failed', { reason: 'OutOfMemory', message: outOfMemoryMessage(exit), now });
  }
}

const endMessages: ReadonlyMap<string, string> = new Map([
  ['GuestPanicked', 'The guest panicked.'],
  ['LivenessProbeFailed', 'The liveness probe failed, and the machine was ended.'],
  ['WatchdogPoweroff', 'The watchdog of the machine was not fed in time and cut the power.'],
]);

function outOfMemoryMessage({ of, group = 'above it', limitBytes, peakBytes }: OutOfMemoryFact): string {
  const peak = peakBytes === undefined ? undefined : mib(peakBytes);
  switch (of) {
    case 'machine':
      return limitBytes === undefined || peak === undefined
        ? 'The kernel ended QEMU because the machine reached its memory limit. Raise limits.memory, or give the guest less.'
        : `The kernel ended QEMU because the machine reached its memory limit of ${mib(limitBytes)} (control group ${group}). It had used up to ${peak}. Raise limits.memory, or give the guest less.`;
    case 'group':
      return peak === undefined
        ? `The kernel ended QEMU because the control group ${group}, which is not the machine's own, reached its memory limit.`
        : `The kernel ended QEMU because the control group ${group}, which is not the machine's own, reached its memory limit. It had used up to ${peak}.`;
    case 'computer':
      return peak === undefined
        ? 'The kernel ended QEMU because this computer ran out of memory.'
        : `The kernel ended QEMU because this computer ran out of memory. It had used up to ${peak}.`;
    case undefined:
      return 'The kernel ended QEMU because memory ran out.';
  }
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

function crashMessage({ code, signal, stderr }: Extract<ExitFact, { type: 'Crashed' }>): string {
  const how = signal === undefined ? `with code ${code ?? 'unknown'}` : `by ${signal}`;
  const said = stderr.trim();
  return `QEMU ended ${how}${said === '' ? '.' : `: ${said}`}`;
}
