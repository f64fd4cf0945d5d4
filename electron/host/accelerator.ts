// Owns which accelerator machines are started with, and saying why in one sentence.
// Must not run the self-test itself.
import type { ComputerCheck } from '../api/computer.ts';
import type { SettingsSpec } from '../api/kinds/settings.ts';
import type { AcceleratorFact } from '../core/facts.ts';
import type { KvmVerdict } from './qemu/selftest.ts';

export interface AcceleratorSurroundings {
  readonly choice: SettingsSpec['accelerator'];
  /** Undefined without a QEMU to test with. */
  readonly verdict: KvmVerdict | undefined;
  /** `vmx` or `svm` among the flags of the processor. */
  readonly cpuVirtualizes: boolean;
  readonly userName: string;
}

export function acceleratorFact(surroundings: AcceleratorSurroundings): AcceleratorFact {
  const { choice, verdict } = surroundings;
  const kvm = verdict?.state ?? 'untested';
  if (choice === 'tcg') return { inUse: 'tcg', kvm, message: 'Machines are emulated, because the settings say so.' };
  if (choice === 'kvm') {
    const doubt = kvm === 'works' ? '' : ` ${kvmSentence(surroundings)}`;
    return { inUse: 'kvm', kvm, message: `KVM is used, because the settings say so.${doubt}` };
  }
  return kvm === 'works'
    ? { inUse: 'kvm', kvm, message: 'KVM works: its self-test passed.' }
    : { inUse: 'tcg', kvm, message: `${kvmSentence(surroundings)} Machines are emulated, which is much slower.` };
}

function kvmSentence({ verdict, cpuVirtualizes }: AcceleratorSurroundings): string {
  switch (verdict?.state) {
    case undefined:
      return 'KVM has not been tested, because no QEMU is installed.';
    case 'works':
      return 'KVM works.';
    case 'broken':
      return `KVM is there, but does not run guests correctly: ${verdict.reason}.`;
    case 'denied':
      return 'KVM is there, but this user may not use /dev/kvm.';
    case 'absent':
      return cpuVirtualizes
        ? 'The processor can virtualize, but the kernel offers no /dev/kvm.'
        : 'The processor offers no virtualization to this system.';
  }
}

/** The line of the computer page. */
export function accelerationCheck(surroundings: AcceleratorSurroundings): ComputerCheck {
  const { message } = acceleratorFact(surroundings);
  const { verdict, cpuVirtualizes, userName, choice } = surroundings;
  const warning = { id: 'acceleration', state: 'warning', message } as const;
  switch (verdict?.state) {
    case undefined:
      return { ...warning, fix: 'Install QEMU first.' };
    case 'works':
      return { id: 'acceleration', state: 'ok', message };
    case 'broken':
      return {
        ...warning,
        ...(choice === 'kvm' ? { state: 'error' as const } : {}),
        fix: 'If this system is itself a virtual machine, ask whoever runs its host for nested virtualization; else update the kernel.',
      };
    case 'denied':
      return { ...warning, fix: 'Add the user to the group kvm and log in again.', command: `sudo adduser ${userName} kvm` };
    case 'absent':
      return cpuVirtualizes
        ? { ...warning, fix: 'Load the kernel module.', command: 'sudo modprobe -a kvm_intel kvm_amd' }
        : {
            ...warning,
            fix: 'Switch on VT-x or AMD-V (SVM) in the firmware setup, or nested virtualization where this system is a virtual machine itself.',
          };
  }
}
