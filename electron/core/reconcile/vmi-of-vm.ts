// Owns what a VirtualMachine's next run is made of (KubeVirt v1.9.0, setupVMIFromVM in pkg/virt-controller/watch/vm/vm.go).
// Must not default it: that is the same for every VirtualMachineInstance.
import { annotations, coreAnnotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import type { ObjectMeta, OwnerReference } from '../../api/object.ts';
import { applied } from '../instancetype/apply.ts';
import { type Choice, noChoice } from '../instancetype/choice.ts';
import { matcherNames, resourceOf } from '../instancetype/matcher.ts';
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
  annotations.networkBoot,
  annotations.bootMenu,
  annotations.hostDeviceOptions,
  annotations.guestOs,
  annotations.tpmSecret,
  annotations.vncListen,
  annotations.vncSecret,
  annotations.secureBootKeys,
  annotations.kernelBoot,
  annotations.watchdogAction,
  annotations.panicAction,
  annotations.discardChanges,
];

export interface RunOptions {
  readonly paused: boolean;
  /** The machine's instance type and preference: they must be free of clashes. */
  readonly choice?: Choice;
}

export function vmiOfVm(vm: VirtualMachine, { paused, choice = noChoice }: RunOptions): VmiDraft {
  const { template } = vm.spec;
  const { name, uid } = vm.metadata;
  const own = { spec: template.spec ?? { domain: { devices: {} } }, annotations: template.metadata?.annotations ?? {} };
  const { spec, annotations: made } = applied(own, choice);
  const run = {
    metadata: {
      labels: { ...template.metadata?.labels, 'kubevirt.io/vm': name },
      annotations: {
        ...Object.fromEntries(Object.entries(vm.metadata.annotations ?? {}).filter(([key]) => inherited.includes(key))),
        // A definition cannot say what the core found out.
        ...Object.fromEntries(Object.entries(made).filter(([key]) => !coreAnnotations.includes(key))),
        ...choiceNames(vm),
        [vmGenerationAnnotation]: String(vm.metadata.generation),
        [annotations.stateOwner]: uid,
      },
    },
    spec,
  };
  return runOf(vm, run, { paused });
}

export type RunContent = Pick<VirtualMachineInstance, 'spec'> & { readonly metadata: Pick<ObjectMeta, 'labels' | 'annotations'> };

/** A run of this machine: by its name, and its own. */
export function runOf(vm: VirtualMachine, { metadata, spec }: RunContent, { paused }: Pick<RunOptions, 'paused'>): VmiDraft {
  const { name, namespace } = vm.metadata;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata, ownerReferences: [ownedBy(vm)] },
    spec: paused ? { ...spec, startStrategy: 'Paused' } : spec,
  };
}

/** Which ones it was made with, as upstream writes it on the run. */
function choiceNames({ spec }: VirtualMachine): Readonly<Record<string, string>> {
  return Object.fromEntries(
    matcherNames.flatMap((name) => {
      const matcher = spec[name];
      if (matcher?.name === undefined) return [];
      const resource = resourceOf(name, matcher) ?? '';
      return [[`kubevirt.io/${resource.startsWith('virtualmachinecluster') ? 'cluster-' : ''}${name}-name`, matcher.name]];
    }),
  );
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
