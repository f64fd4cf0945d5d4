// Owns what a VirtualMachine's status is made of, beside the machine itself.
// Must not gather it; the engine's controller does.
import type { DataVolume } from '../../api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../api/kinds/persistent-volume-claim.ts';
import type { VirtualMachineInstancePreset } from '../../api/kinds/virtual-machine-instance-preset.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachineStatus } from '../../api/kinds/virtual-machine.ts';
import type { Choice } from '../instancetype/choice.ts';
import type { StartTurn } from '../reconcile/start-order.ts';

/** The revisions of its instance type and preference that a machine keeps. */
export type KeptRefs = Pick<VirtualMachineStatus, 'instancetypeRef' | 'preferenceRef'>;

/** What the controller found beside the machine itself. */
export interface VmObserved {
  readonly vmi?: VirtualMachineInstance;
  /** The DataVolumes and claims that the template's volumes name, as far as they exist. */
  readonly dataVolumes?: readonly DataVolume[];
  readonly claims?: readonly PersistentVolumeClaim[];
  readonly choice?: Choice;
  readonly refs?: KeptRefs;
  /** Those of the machine's project. */
  readonly presets?: readonly VirtualMachineInstancePreset[];
  /** Why the last step failed; absent clears the Failure condition. */
  readonly failure?: { readonly reason: string; readonly message: string };
  /** Whom it waits for after a start of the core. */
  readonly turn?: StartTurn;
}

/** On a VirtualMachineInstance: the generation of the VirtualMachine that it was made of. */
export const vmGenerationAnnotation = 'kubevirt.io/vm-generation';
