// Owns the accelerator: KVM where it works, emulation elsewhere.
// Must not test it; the host did.
import { keyedOption } from '../args.ts';
import type { Family } from '../fragment.ts';

/** Upper limit of the buffer of translated code. QEMU's own default is 1 GiB, which a busy guest fills: no memory sum would hold. */
export const translationBufferMiB = 256;

export const acceleratorFamily: Family = (_vmi, { host: { accelerator } }) => {
  if (accelerator.inUse === 'kvm') {
    return { args: [keyedOption('-accel', { head: 'kvm' }, { reason: accelerator.message })], passed: [accelerator.message] };
  }
  return {
    args: [
      keyedOption(
        '-accel',
        { head: 'tcg', pairs: { thread: 'multi', 'tb-size': translationBufferMiB } },
        { reason: `Emulation: ${accelerator.message}` },
      ),
    ],
    warnings: [
      {
        reason: 'SoftwareEmulation',
        field: 'spec.domain.cpu',
        message: `The processor is emulated, ten times slower or more: ${accelerator.message}`,
        fix: 'Open Settings to see what acceleration needs on this computer.',
      },
    ],
  };
};
