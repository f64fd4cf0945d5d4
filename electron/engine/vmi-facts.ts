// Owns writing down what a machine told: status, events, pictures of what went wrong.
// Must not decide what a fact means for the status; core does.
import type { EvidenceReport } from '../api/evidence.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { ExitFact, MachineFact } from '../core/facts.ts';
import { evidenceOfEnd, evidenceOfEvent } from '../core/status/failure-evidence.ts';
import type { ResetCause } from '../core/status/reset-cause.ts';
import type { VmiFact } from '../core/status/vmi-fact.ts';
import { vmiStatusAfter } from '../core/status/vmi-status.ts';
import type { EngineContext } from './context.ts';
import type { Happening } from './events.ts';
import { setGuestClock } from './guest-clock.ts';
import { hearDevice } from './hear-device.ts';
import { hearFailure } from './hear-failure.ts';
import type { Guest } from './machines.ts';
import { keepPicture } from './pictures.ts';
import { hearHalfOfReboot } from './soft-reboot.ts';
import { read } from './typed.ts';

/** The object afterwards; undefined when it is not there any more. */
export function applyFact({ objects, store, clock }: EngineContext, key: ObjectKey, fact: VmiFact): VirtualMachineInstance | undefined {
  const vmiKey = { ...key, resource: resources.virtualMachineInstances };
  const vmi = read(store, vmiKey);
  if (vmi === undefined) return undefined;
  const status = vmiStatusAfter(vmi, fact, clock.now());
  if (status === vmi.status) return vmi;
  objects.change(vmiKey, () => ({ ...vmi, status }));
  return read(store, vmiKey);
}

/** Everything that the machine told since the last look, in order, in one transaction. */
export function applyUnreadFacts(context: EngineContext, key: ObjectKey): void {
  const { store, machines } = context;
  const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi === undefined) return;
  const facts = machines.takeFacts(vmi.metadata.uid);
  if (facts.length === 0) return;
  store.transaction(() => {
    for (const fact of facts) hear(context, { key, vmi, guest: machines.get(vmi.metadata.uid) }, fact);
  });
}

type QmpFact = Extract<MachineFact, { type: 'QmpEvent' }>;

interface Speaker {
  readonly key: ObjectKey;
  readonly vmi: VirtualMachineInstance;
  readonly guest: Guest | undefined;
}

function hear(context: EngineContext, { key, vmi, guest }: Speaker, fact: MachineFact): void {
  switch (fact.type) {
    case 'Exited': {
      const before = read(context.store, { ...key, resource: resources.virtualMachineInstances });
      const after = applyFact(context, key, { ...fact, exit: exitOf(guest, fact.exit) });
      if (after === undefined || after.status === before?.status) return;
      const evidence = noted(context, after, evidenceOfEnd(after, fact.at));
      context.events.record(after, { ...endOf(after), ...evidence });
      return;
    }
    case 'Agent':
      if (guest !== undefined) {
        guest.agentConnected = fact.connected;
        if (fact.connected && guest.clockIsBehind) {
          guest.clockIsBehind = false;
          void setGuestClock(context, guest);
        }
      }
      applyFact(context, key, fact);
      return;
    case 'QmpEvent': {
      if (guest !== undefined && hearHalfOfReboot(guest, fact.event)) return;
      applyFact(context, key, fact);
      if (guest !== undefined) hearDevice(guest, fact);
      const resets = guest === undefined ? undefined : hearFailure(context, guest, fact);
      const happening = happeningOf(fact, resets);
      if (happening === undefined) return;
      context.events.record(vmi, { ...happening, ...noted(context, vmi, evidenceOfEvent(vmi, fact.event, fact)) });
      if (fact.event === 'BLOCK_IO_ERROR' && guest !== undefined) keepPicture(context, guest);
      return;
    }
    case 'SidecarEnded':
      applyFact(context, key, fact);
      context.events.record(vmi, {
        type: 'Warning',
        reason: 'SidecarEnded',
        message: `${fact.serves} does not answer any more: ${fact.name} ended. ${fact.message}`,
      });
      return;
    case 'Interfaces':
    case 'SecureBoot':
    case 'GuestOs':
      applyFact(context, key, fact);
      return;
  }
}

/** What the host sees as a stranger's doing may have been ours: it does not know of the ladder. */
function exitOf(guest: Guest | undefined, exit: ExitFact): ExitFact {
  const taken = guest?.stop?.taken;
  if (taken === undefined) return exit;
  if (exit.type === 'Killed' && exit.signal === 'SIGKILL' && taken.has('kill')) return { type: 'HostStopped', signal: 'SIGKILL' };
  const askedBefore = taken.has('powerButton') || taken.has('agent');
  if (exit.type === 'HostStopped' && exit.signal === undefined && taken.has('quit') && askedBefore) return { ...exit, signal: 'SIGTERM' };
  return exit;
}

function endOf({ status }: VirtualMachineInstance): Happening {
  const message = status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? 'The machine ended.';
  return { type: status?.phase === 'Failed' ? 'Warning' : 'Normal', reason: 'Stopped', message };
}

/** Evidence is gathered by the controller, before anything of the machine is cleaned up. */
function noted({ machines }: EngineContext, { metadata: { uid } }: VirtualMachineInstance, report: EvidenceReport | undefined) {
  if (report === undefined) return {};
  machines.noteFailure(uid, report);
  return { evidence: report.id };
}

function happeningOf({ event, data }: Pick<QmpFact, 'event' | 'data'>, reset: ResetCause | undefined): Happening | undefined {
  switch (event) {
    case 'GUEST_PANICKED':
      return { type: 'Warning', reason: 'GuestPanicked', message: 'The guest panicked.' };
    case 'WATCHDOG':
      return { type: 'Warning', reason: 'Watchdog', message: `The watchdog was not fed in time; its action is ${text(data['action'])}.` };
    case 'BLOCK_IO_ERROR':
      return {
        type: 'Warning',
        reason: 'BlockIOError',
        message: `The disk ${text(data['device']) || text(data['node-name'])} could not be ${data['operation'] === 'write' ? 'written' : 'read'}: ${text(data['reason'])}.`,
      };
    case 'RESET':
      if (data['guest'] !== true || reset === undefined) return undefined;
      return reset === 'watchdog'
        ? { type: 'Warning', reason: 'WatchdogReset', message: 'The watchdog restarted the guest.' }
        : { type: 'Normal', reason: 'GuestReset', message: 'The guest restarted itself.' };
    default:
      return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
