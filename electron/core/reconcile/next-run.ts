// Owns what a machine's definition would now make of the run that it has, complete with every default.
// Must not compare the two.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { withPresets } from '../defaults/presets.ts';
import { defaultedInstance } from '../defaults/virtual-machine-instance.ts';
import { noChoice } from '../instancetype/choice.ts';
import { givenTo, withAmounts } from '../quota/given-amounts.ts';
import type { VmObserved } from '../status/vm-observed.ts';
import { vmiOfVm } from './vmi-of-vm.ts';

export type Run = Pick<VirtualMachineInstance, 'spec'> & { readonly metadata: Partial<VirtualMachineInstance['metadata']> };

export function nextRun(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
  { choice = noChoice, presets = [] }: Pick<VmObserved, 'choice' | 'presets'>,
): Run {
  const architecture = vmi.spec.architecture === 'arm64' ? 'arm64' : 'amd64';
  const uuid = vmi.spec.domain.firmware?.uuid ?? vmi.metadata.uid;
  const preset = withPresets(vmiOfVm(vm, { paused: false, choice }), presets);
  return defaultedInstance(withAmounts(preset, givenTo(vmi)), { uuid, architecture });
}
