// Owns what is done when a guest hangs or panics: the manifest's words and our annotations, as one answer for QEMU and the engine.
// Must not do it.
import { annotations } from '../../api/annotations.ts';
import { type PanicAction, type WatchdogAction, panicActions, watchdogActions } from '../../api/failure-actions.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';

export interface FailureActions {
  /** Absent without the device, and for a word that nobody knows. */
  readonly watchdog?: WatchdogAction;
  readonly panic?: PanicAction;
}

type Subject = Pick<VirtualMachineInstance, 'spec'> & { readonly metadata: Partial<VirtualMachineInstance['metadata']> };

export function failureActions({ spec, metadata }: Subject): FailureActions {
  const { watchdog, panicDevices = [] } = spec.domain.devices;
  const said = metadata.annotations ?? {};
  const bite = said[annotations.watchdogAction] ?? (watchdog?.i6300esb?.action || 'reset');
  const panic = said[annotations.panicAction] ?? 'poweroff';
  const watchdogAction = watchdog?.i6300esb === undefined ? undefined : watchdogActions.find((known) => known === bite);
  const panicAction = panicDevices.length === 0 ? undefined : panicActions.find((known) => known === panic);
  return {
    ...(watchdogAction === undefined ? {} : { watchdog: watchdogAction }),
    ...(panicAction === undefined ? {} : { panic: panicAction }),
  };
}

/**
 * What QEMU itself does at a panic. It stops for everything that is done about it, as under libvirt, so that the screen can be kept
 * before it is gone; what follows is the engine's. While no core runs, the guest waits stopped: it would not have done anything more.
 */
export function qemuPanicAction(action: PanicAction): 'pause' | 'none' {
  return action === 'none' ? 'none' : 'pause';
}
