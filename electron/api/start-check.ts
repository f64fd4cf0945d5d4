// Owns the answer to "could this machine start?": PUT …/virtualmachines/NAME/start?dryRun=All.
// Must not check anything; core and the engine do.
import type { ChargeReport } from './charge.ts';
import type { Cause } from './errors.ts';

/**
 * Answer of a rehearsed start, whatever the state of the machine: every reason why not, and the plan.
 * The body of the rehearsal may hold `objects` that are not stored yet: the machine itself, Secrets that come with it.
 */
export interface StartCheck {
  readonly apiVersion: 'virtdeck.io/v1alpha1';
  readonly kind: 'StartCheck';
  readonly allowed: boolean;
  /** What blocks. */
  readonly causes: readonly Cause[];
  /** What will be different from the manifest, and other remarks. */
  readonly warnings: readonly Cause[];
  /** What is fine, in words. */
  readonly passed: readonly string[];
  /** What it takes while it runs. Absent when the machine could not even be stored. */
  readonly charge?: ChargeReport;
  /** Present when a plan could be made, also when something else blocks. */
  readonly command?: readonly StartCheckArgument[];
}

/** One QEMU option, the field it came from and why it is there. `value` is ready for a shell-free argv. */
export interface StartCheckArgument {
  readonly flag: string;
  readonly value?: string;
  readonly field?: string;
  readonly reason?: string;
}
