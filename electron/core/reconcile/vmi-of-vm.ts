// Owns what a VirtualMachine's next run is made of (KubeVirt v1.9.0, setupVMIFromVM in pkg/virt-controller/watch/vm/vm.go).
// Must not default it: that is the same for every VirtualMachineInstance.
import { annotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import type { ObjectMeta, OwnerReference } from '../../api/object.ts';
import { vmGenerationAnnotation } from '../status/vm-observed.ts';

/** A VirtualMachineInstance that the engine has not yet given an identity. */
export type VmiDraft = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Partial<ObjectMeta>;
  readonly spec: VirtualMachineInstanceSpec;
};

/** What is said of the definition and matters to each run, too. The template's own words win. */
const inherited: readonly string[] = [
  annotations.portForwards,
  annotations.guestOs,
  annotations.tpmSecret,
  annotations.secureBootKeys,
  annotations.kernelBoot,
];

export function vmiOfVm(vm: VirtualMachine, { paused }: { readonly paused: boolean }): VmiDraft {
  const { template } = vm.spec;
  const { name, namespace, uid } = vm.metadata;
  const spec = template.spec ?? { domain: { devices: {} } };
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template.metadata?.labels, 'kubevirt.io/vm': name },
      annotations: {
        ...Object.fromEntries(Object.entries(vm.metadata.annotations ?? {}).filter(([key]) => inherited.includes(key))),
        ...template.metadata?.annotations,
        [vmGenerationAnnotation]: String(vm.metadata.generation),
        [annotations.stateOwner]: uid,
      },
      ownerReferences: [ownedBy(vm)],
    },
    spec: paused ? { ...spec, startStrategy: 'Paused' } : spec,
  };
}

export function ownedBy({
  apiVersion,
  kind,
  metadata: { name, uid },
}: Pick<VirtualMachine, 'apiVersion' | 'kind' | 'metadata'>): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Whose NVRAM, serial log and last picture a run uses: its machine's, so that they outlive it; else its own. */
export function stateOwnerOf(vmi: Pick<VirtualMachineInstance, 'metadata'>): string {
  return vmi.metadata.annotations?.[annotations.stateOwner] ?? vmi.metadata.uid;
}
