// Owns which machines the kernel is told to end first when this computer runs out of memory.
// Must not know what they use: the kernel adds that by itself.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { memoryPromise } from '../memory/memory-promise.ts';
import { isGuaranteed } from './guaranteed.ts';

/** Everything it may use was set aside, and nothing more may be used. */
const guaranteedAdj = 0;
const promisedAdj = 100;
// Above what systemd gives to ordinary programs of a session (200): who was promised less than he was told goes first.
const overcommittedFromAdj = 250;
const overcommittedToAdj = 900;

/**
 * Written to oom_score_adj, where 1000 is all of the memory. Kubernetes counts from the request over the memory of the node; here
 * what counts is how much of what the guest believes to have was promised by nobody.
 */
export function oomScoreAdj(vmi: VirtualMachineInstance): number {
  const { guestMiB, requestMiB } = memoryPromise(vmi);
  if (requestMiB < guestMiB) {
    const missing = 1 - requestMiB / guestMiB;
    return Math.round(overcommittedFromAdj + (overcommittedToAdj - overcommittedFromAdj) * missing);
  }
  // Without its overhead in the promise it is the processes that nobody set anything aside for.
  if (vmi.spec.domain.resources?.overcommitGuestOverhead === true) return overcommittedFromAdj;
  return isGuaranteed(vmi) ? guaranteedAdj : promisedAdj;
}
