// Owns the five policies of a CPU feature: force, require, optional, disable, forbid.
// Must not know the models.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { featureName } from '../../cpu/feature-names.ts';
import { guestFeatures } from '../../cpu/guest-features.ts';
import type { HostFacts } from '../../facts.ts';
import type { CpuFeature } from '../manifest.ts';

/** `feature=on` and `feature=off` of `-cpu`. */
export type CpuFlags = Readonly<Record<string, boolean | string>>;

interface Policies {
  readonly flags: CpuFlags;
  readonly causes: readonly Cause[];
}

interface Feature {
  readonly name: string;
  readonly field: string;
  /** Undefined when QEMU was not asked. */
  readonly available?: boolean;
}

export function featurePolicies(vmi: VirtualMachineInstance, host: HostFacts): Policies {
  const known = guestFeatures(host);
  const rows = (vmi.spec.domain.cpu?.features ?? []).map((feature, index) => {
    const name = featureName(feature.name);
    const field = `spec.domain.cpu.features[${index}]`;
    const available = known?.get(name);
    // Also where QEMU was not asked: `-cpu` has no way to quote, so that a name with a comma would be two.
    if (!/^[a-z0-9][a-z0-9.-]*$/i.test(name) || (known !== undefined && known.size > 0 && available === undefined))
      return unknownFeature(feature.name, field);
    return policyOf(feature, { name, field, ...(available === undefined ? {} : { available }) });
  });
  return { flags: Object.assign({}, ...rows.map(({ flags }) => flags)), causes: rows.flatMap(({ causes }) => causes) };
}

function policyOf({ policy = 'require' }: CpuFeature, { name, field, available }: Feature): Policies {
  const on = { flags: { [name]: true }, causes: [] };
  const off = { flags: { [name]: false }, causes: [] };
  switch (policy) {
    case 'force':
      return on;
    case '':
    case 'require':
      return available === false ? { flags: {}, causes: [missing(name, field)] } : on;
    case 'optional':
      return available === false ? { flags: {}, causes: [] } : on;
    case 'disable':
      return off;
    case 'forbid':
      return available === true ? { flags: {}, causes: [forbidden(name, field)] } : off;
    default:
      return { flags: {}, causes: [unknownPolicy({ name, policy, field })] };
  }
}

function unknownFeature(name: string, field: string): Policies {
  return {
    flags: {},
    causes: [
      {
        reason: 'FieldValueNotSupported',
        field: `${field}.name`,
        message: `QEMU knows no CPU feature ${name}.`,
        fix: 'Correct its name, or remove it.',
      },
    ],
  };
}

function missing(name: string, field: string): Cause {
  return {
    reason: 'CpuFeatureUnavailable',
    field,
    message: `The CPU feature ${name} is required, and guests cannot have it here.`,
    fix: 'Make its policy optional, or remove it.',
  };
}

function forbidden(name: string, field: string): Cause {
  return {
    reason: 'CpuFeatureForbidden',
    field,
    message: `The CPU feature ${name} is forbidden, and this computer has it.`,
    fix: 'Make its policy disable: the guest then does not see it.',
  };
}

function unknownPolicy({ name, policy, field }: { readonly name: string; readonly policy: string; readonly field: string }): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: `${field}.policy`,
    message: `CPU feature ${name} uses policy ${policy} that is not supported.`,
    fix: 'Use force, require, optional, disable or forbid.',
  };
}
