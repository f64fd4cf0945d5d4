// Owns which Hyper-V enlightenments need which.
// Must not turn any on; defaults do.
import { type HypervName, hypervNeeds } from '../../defaults/hyperv.ts';
import type { Cause } from '../../../api/errors.ts';
import { invalid, required } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

const oneMode: SpecRule = (spec, path) => {
  const { hyperv, hypervPassthrough } = spec.domain.features ?? {};
  if (hyperv === undefined || hypervPassthrough === undefined || hypervPassthrough.enabled === false) return [];
  const message =
    'Cannot explicitly set hyperV features if HypervPassthrough is being used. Please use either HyperV or HypervPassthrough.';
  return [invalid(`${path}.domain.features.hyperv`, message, 'Keep one of them.')];
};

const dependencies: SpecRule = (spec, path) => {
  const hyperv = spec.domain.features?.hyperv ?? {};
  const field = `${path}.domain.features.hyperv`;
  const isOn = (name: HypervName): boolean => hyperv[name] !== undefined && hyperv[name].enabled !== false;
  return hypervNeeds
    .filter(({ name, needs }) => isOn(name) && !isOn(needs))
    .map(({ name, needs }) =>
      invalid(`${field}.${name}`, `'${field}.${name}' requires '${field}.${needs}', which was disabled.`, `Enable ${needs} too.`),
    );
};

/** Enlightened VMCS is of use to nested Hyper-V alone. */
const evmcsNeedsVmx: SpecRule = (spec, path): readonly Cause[] => {
  const { cpu, features } = spec.domain;
  if (features?.hyperv?.evmcs === undefined || features.hyperv.evmcs.enabled === false) return [];
  const field = `${path}.domain.cpu.features`;
  const index = (cpu?.features ?? []).findIndex(({ name }) => name === 'vmx');
  if (index < 0) return [required(field, 'vmx cpu feature is required when evmcs is set', 'Add the feature vmx with policy require.')];
  if (cpu?.features?.[index]?.policy === 'require') return [];
  return [invalid(`${field}[${index}].policy`, 'vmx cpu feature has to be set to require policy', 'Use require.')];
};

export const hypervRules: readonly SpecRule[] = [oneMode, dependencies, evmcsNeedsVmx];
