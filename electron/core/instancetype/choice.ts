// Owns what an instance type and a preference are to a machine: two specs, either of which may be absent.
// Must not find them; the engine does.
import type { InstancetypeSpec } from '../../api/kinds/instancetype.ts';
import type { PreferenceSpec } from '../../api/kinds/preference.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';

/** As the machine's revisions keep them. */
export interface Choice {
  readonly instancetype?: InstancetypeSpec;
  readonly preference?: PreferenceSpec;
}

export type Annotations = Readonly<Record<string, string>>;

/** What they are applied to: a template, or a run that is being made. */
export interface Applicable {
  readonly spec: VirtualMachineInstanceSpec;
  readonly annotations: Annotations;
}

export const noChoice: Choice = {};

export function isEmptyChoice({ instancetype, preference }: Choice): boolean {
  return instancetype === undefined && preference === undefined;
}
