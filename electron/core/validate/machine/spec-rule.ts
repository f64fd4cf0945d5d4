// Owns the shape of the rules of a VirtualMachineInstance's spec.
// Must not hold any rule.
import type { VirtualMachineInstanceSpec } from '../../../api/kinds/virtual-machine-instance.ts';
import type { Rule } from '../rule.ts';

/** `path` is `spec`, or `spec.template.spec` inside a VirtualMachine. Defaults may be missing: a template has few. */
export type SpecRule = Rule<VirtualMachineInstanceSpec>;
