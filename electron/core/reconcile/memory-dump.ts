// Owns when a machine's memory may be dumped into a claim, in KubeVirt's words (v1.9.0, pkg/virt-api/rest/memorydump.go).
// Must not dump.
import type { PersistentVolumeClaim } from '../../api/kinds/persistent-volume-claim.ts';
import type { VirtualMachine, VirtualMachineStatus } from '../../api/kinds/virtual-machine.ts';
import { bytesOf, formatBytes } from '../../api/quantity.ts';

export type MemoryDump = NonNullable<VirtualMachineStatus['memoryDumpRequest']>;

/** KubeVirt's memoryDumpOverhead: tables of the dump beside the memory. */
const overheadBytes = 100 * 2 ** 20;

/** The claim that is meant, or why there is none. */
export function dumpClaimOf(vm: VirtualMachine, asked: string): { readonly claimName: string } | { readonly refusal: string } {
  const old = vm.status?.memoryDumpRequest;
  if (old === undefined) return asked === '' ? { refusal: 'Memory dump requires claim name to be set' } : { claimName: asked };
  if (asked !== '' && asked !== old.claimName) {
    return {
      refusal: `can't request memory dump for pvc [${asked}] while pvc [${old.claimName}] is still associated as the memory dump pvc`,
    };
  }
  if (old.phase !== 'Completed' && old.phase !== 'Failed')
    return { refusal: `memory dump request for pvc [${old.claimName}] already in progress` };
  return { claimName: old.claimName };
}

/** Undefined when the claim is large enough. */
export function dumpSizeRefusal(claim: PersistentVolumeClaim, memoryBytes: number): string | undefined {
  const [has, needs] = [bytesOf(claim.status?.capacity?.['storage']) ?? 0, memoryBytes + overheadBytes];
  return has >= needs ? undefined : `pvc size [${formatBytes(has)}] should be bigger then [${formatBytes(needs)}]`;
}
