// Owns what a Hyper-V enlightenment switches on with it (KubeVirt v1.9.0, setDefaultHypervFeatureDependencies).
// Must not undo what its author switched off; validation names the conflict.
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import type { DefaultRule } from './defaulting-facts.ts';
import { withDomain } from './machine.ts';

type Hyperv = NonNullable<NonNullable<VirtualMachineInstanceSpec['domain']['features']>['hyperv']>;
export type HypervName = 'evmcs' | 'ipi' | 'synic' | 'synictimer' | 'tlbflush' | 'vapic' | 'vpindex';

/** Later rows are needs of earlier ones, so that one pass is enough. */
export const hypervNeeds: readonly { readonly name: HypervName; readonly needs: HypervName }[] = [
  { name: 'evmcs', needs: 'vapic' },
  { name: 'synictimer', needs: 'synic' },
  { name: 'synic', needs: 'vpindex' },
  { name: 'tlbflush', needs: 'vpindex' },
  { name: 'ipi', needs: 'vpindex' },
];

export const hypervDependencies: DefaultRule<VirtualMachineInstanceSpec> = (spec) => {
  const { features } = spec.domain;
  const asked = features?.hyperv;
  if (asked === undefined) return spec;
  const hyperv = hypervNeeds.reduce(
    (current: Hyperv, { name, needs }) =>
      isOn(current[name]) && current[needs] === undefined ? { ...current, [needs]: { enabled: true } } : current,
    asked,
  );
  return hyperv === asked ? spec : withDomain(spec, { features: { ...features, hyperv } });
};

function isOn(state: { readonly enabled?: boolean } | undefined): boolean {
  return state !== undefined && state.enabled !== false;
}
