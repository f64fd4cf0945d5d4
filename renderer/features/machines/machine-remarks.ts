// Owns what a machine's page has to say above its tabs: problems, pending changes, what this computer does not do.
// Must not show anything.
import { annotations } from '../../../electron/api/annotations.ts';
import { pausedForSuspendReason } from '../../../electron/api/lifecycle.ts';
import type { Condition } from '../../../electron/api/object.ts';
import type { MachineView } from './machine-view.ts';

export type Remark =
  | { readonly type: 'problem'; readonly message: string }
  | { readonly type: 'pending'; readonly message: string }
  | { readonly type: 'saved'; readonly message: string; readonly isBroken: boolean }
  /** Its memory is being written to disk, since that moment (RFC 3339). */
  | { readonly type: 'suspending'; readonly since: string }
  /** It comes up after others: at that moment (RFC 3339), as soon as that is known. */
  | { readonly type: 'queued'; readonly message: string; readonly at: string | undefined }
  | { readonly type: 'thrown' }
  /** Processors or memory that it does not have yet: refused, or not taken by the guest. */
  | { readonly type: 'growing'; readonly refused: boolean; readonly message: string }
  /** Of this computer: the guest has not let go of one, or one could not be plugged in yet. */
  | { readonly type: 'devices'; readonly isKept: boolean; readonly sentences: readonly string[] }
  | { readonly type: 'notHonoured'; readonly lines: readonly { readonly field: string; readonly message: string }[] };

/** KubeVirt's names for what changes while a machine runs. */
const growthConditions: readonly string[] = ['HotVCPUChange', 'HotMemoryChange'];

export function machineRemarks({ status, vm, vmi }: MachineView): readonly Remark[] {
  const conditions = vm.status?.conditions ?? [];
  const messageOf = (type: string): string | undefined =>
    conditions.find((condition) => condition.type === type && condition.status === 'True')?.message;
  const remarks: Remark[] = [];
  if (status.group === 'problem') remarks.push({ type: 'problem', message: status.reason ?? '' });
  const saved = conditions.find(({ type, status: is }) => type === 'SavedState' && is === 'True');
  if (saved !== undefined) remarks.push({ type: 'saved', message: saved.message ?? '', isBroken: saved.reason === 'CannotBeLoaded' });
  const ofRun = (vmi?.status?.conditions ?? []) as readonly Condition[];
  const suspending = ofRun.find(({ type, reason }) => type === 'Paused' && reason === pausedForSuspendReason);
  if (suspending !== undefined) remarks.push({ type: 'suspending', since: suspending.lastTransitionTime ?? '' });
  const queued = messageOf('StartDelayed');
  if (queued !== undefined) remarks.push({ type: 'queued', message: queued, at: vm.metadata.annotations?.[annotations.startsAt] });
  if (messageOf('DiscardsChanges') !== undefined) remarks.push({ type: 'thrown' });
  const pending = messageOf('RestartRequired');
  if (pending !== undefined) remarks.push({ type: 'pending', message: pending });
  const growing = conditions.filter(({ type, message }) => growthConditions.includes(type) && (message ?? '') !== '');
  if (growing.length > 0) {
    const refused = growing.some((condition) => condition.status === 'False');
    remarks.push({ type: 'growing', refused, message: [...new Set(growing.map(({ message = '' }) => message))].join(' ') });
  }
  const device = conditions.find(({ type, reason }) => type === 'HostDevicesChange' && reason !== 'RestartRequired');
  if (device !== undefined) {
    remarks.push({ type: 'devices', isKept: device.reason === 'DeviceNotReleased', sentences: (device.message ?? '').split('\n') });
  }
  const ignored = messageOf('NotHonoured');
  if (ignored !== undefined) remarks.push({ type: 'notHonoured', lines: ignored.split('\n').map(fieldLine) });
  return remarks;
}

/** `spec.template.spec.x: what about it`: the condition's line, as the core writes it. */
function fieldLine(line: string): { readonly field: string; readonly message: string } {
  const at = line.indexOf(': ');
  return at < 0 ? { field: '', message: line } : { field: line.slice(0, at), message: line.slice(at + 2) };
}
