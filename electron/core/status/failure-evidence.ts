// Owns which facts are worth keeping evidence of, and what it says.
// Must not gather it.
import type { EvidenceReport } from '../../api/evidence.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { JsonObject } from '../../api/object.ts';
import { type FailureActions, failureActions } from '../qemu/failure-actions.ts';
import { timestamp } from './conditions.ts';

/** A watchdog that bit or a guest that panicked; undefined for every other event. */
export function evidenceOfEvent(
  vmi: VirtualMachineInstance,
  event: string,
  { data, at }: { readonly data: JsonObject; readonly at: number },
) {
  const actions = failureActions(vmi);
  switch (event) {
    case 'WATCHDOG': {
      const action = typeof data['action'] === 'string' ? data['action'] : 'none';
      return report(vmi, at, { reason: 'Watchdog', action, message: `The watchdog was not fed in time; its action is ${action}.` });
    }
    case 'GUEST_PANICKED':
      return report(vmi, at, { reason: 'GuestPanicked', ...panicked(actions) });
    default:
      return undefined;
  }
}

/** What was told when it began needs no second record when the process goes. */
const toldBefore: readonly string[] = ['WatchdogPoweroff', 'GuestPanicked', 'LivenessProbeFailed'];
/** The user asked for it, or knows: a stop that took too long, a computer that was restarted. */
const expected: readonly string[] = ['Destroyed', 'Lost'];

/** `ended` is the run with the status of its end. Undefined for an end that somebody asked for. */
export function evidenceOfEnd(ended: VirtualMachineInstance, at: number): EvidenceReport | undefined {
  const { phase, reason = 'Failed', conditions } = ended.status ?? {};
  if (phase !== 'Failed' || toldBefore.includes(reason) || expected.includes(reason)) return undefined;
  const message = conditions?.find(({ type }) => type === 'Ready')?.message ?? 'The machine ended.';
  return report(ended, at, { reason, message });
}

/** The screen is gone with QEMU, and cleared by a reset: a picture taken then would not show what went wrong. The last look stands for it. */
export function isScreenLeft({ action, reason }: Pick<EvidenceReport, 'action' | 'reason'>): boolean {
  if (reason === 'Watchdog') return action !== 'poweroff' && action !== 'reset';
  return reason === 'GuestPanicked' || reason === 'LivenessProbeFailed';
}

export function report(
  { metadata: { uid } }: VirtualMachineInstance,
  at: number,
  said: Pick<EvidenceReport, 'reason' | 'message'> & { readonly action?: string },
): EvidenceReport {
  const id = `${new Date(at).toISOString().replaceAll(/[-:.]/g, '')}-${said.reason.toLowerCase()}`;
  return { id, time: timestamp(at), runUid: uid, ...said };
}

function panicked({ panic }: FailureActions): Pick<EvidenceReport, 'message' | 'action'> {
  return panic === undefined
    ? { message: 'The guest panicked.' }
    : { message: `The guest panicked; the action is ${panic}.`, action: panic };
}
