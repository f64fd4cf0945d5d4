// Owns what can happen to one run of a machine: what the machine told, and what the engine did for it.
// Must not decide what it means; vmi-status.ts does.
import type { Cause } from '../../api/errors.ts';
import type { LimitAbilities, LimitShortfall } from '../limits/enforcement.ts';
import type { MachineFact } from '../facts.ts';
import type { GrowthPart } from '../reconcile/growth.ts';
import type { OpenDevice } from './host-device-status.ts';

/** What could be set, and what of it the kernel does not hold. */
export interface LimitsSet {
  readonly abilities: LimitAbilities;
  readonly shortfalls: readonly LimitShortfall[];
}

export type EngineFact =
  /** The object was made; nobody has looked at it yet. */
  | { readonly type: 'Created' }
  /** It cannot start now; it is tried again when something changes. */
  | { readonly type: 'Refused'; readonly causes: readonly Cause[]; readonly unschedulable?: string }
  /** Everything is granted; QEMU is being started on this node. */
  | { readonly type: 'Scheduled'; readonly node: string }
  /** The guest's processors run, or wait for `unpause` when paused. Also after adoption. */
  | {
      readonly type: 'Started';
      readonly node: string;
      readonly paused: boolean;
      readonly accelerator: 'kvm' | 'tcg';
      /** One sentence on why there is no KVM. */
      readonly message?: string;
      /** Absent after an adoption. */
      readonly limits?: LimitsSet;
    }
  /** Its limits were set while it ran. */
  | ({ readonly type: 'Limits'; readonly accelerator: 'kvm' | 'tcg' } & LimitsSet)
  /** QEMU did not come up. This run is over. */
  | { readonly type: 'StartFailed'; readonly reason: string; readonly message: string }
  /** Cards were plugged in or out, or their cables. */
  | { readonly type: 'CardsChanged' }
  /** Devices of this computer that are to come or to go and have not yet. None: it has what its definition says. */
  | { readonly type: 'HostDevices'; readonly open: readonly OpenDevice[] }
  /** Its definition asks for more, and gets it now, or does not for these reasons. No parts: nothing is asked any more. */
  | { readonly type: 'GrowthAsked'; readonly parts: readonly GrowthPart[]; readonly causes: readonly Cause[] }
  /** What it has now, as QEMU says. */
  | { readonly type: 'Grown'; readonly sockets: number; readonly laterMemoryBytes: number }
  /** QEMU refused. */
  | { readonly type: 'GrowthFailed'; readonly part: GrowthPart; readonly message: string }
  /** It was asked to end and has its grace period. */
  | { readonly type: 'Stopping' }
  /** This computer is about to sleep: it is paused until it wakes. */
  | { readonly type: 'HostSleeps' }
  /** Its memory is being written to disk, for which it stands still; or that came to nothing. */
  | { readonly type: 'Suspends'; readonly on: boolean }
  /** What its readiness probe came to. */
  | { readonly type: 'Readiness'; readonly ready: boolean; readonly message: string }
  /** Its liveness probe failed as often as it may: it is asked to end. */
  | { readonly type: 'LivenessFailed' };

export type VmiFact = MachineFact | EngineFact;
