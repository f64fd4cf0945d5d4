// Owns the Hyper-V enlightenments: what Windows asks the hypervisor for, and runs badly without.
// Must not turn on what the manifest does not ask for.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { Features } from '../manifest.ts';
import type { CpuFlags } from './cpu-features.ts';

type Hyperv = NonNullable<Features['hyperv']>;

interface Enlightenment {
  readonly field: keyof Hyperv;
  readonly flags: (hyperv: Hyperv) => CpuFlags;
}

function switched(field: keyof Hyperv, flag: string): Enlightenment {
  return { field, flags: () => ({ [flag]: true }) };
}

/** KubeVirt's field and QEMU's property, as in docs/system/i386/hyperv.rst. */
const enlightenments: readonly Enlightenment[] = [
  switched('relaxed', 'hv-relaxed'),
  switched('vapic', 'hv-vapic'),
  // 8191 is what Windows itself expects of Hyper-V, and libvirt's value.
  { field: 'spinlocks', flags: ({ spinlocks }) => ({ 'hv-spinlocks': `0x${(spinlocks?.spinlocks ?? 8191).toString(16)}` }) },
  switched('vpindex', 'hv-vpindex'),
  switched('runtime', 'hv-runtime'),
  switched('synic', 'hv-synic'),
  {
    field: 'synictimer',
    flags: ({ synictimer }) => ({ 'hv-stimer': true, ...((synictimer?.direct?.enabled ?? false) ? { 'hv-stimer-direct': true } : {}) }),
  },
  switched('reset', 'hv-reset'),
  { field: 'vendorid', flags: ({ vendorid }): CpuFlags => (vendorid?.vendorid === undefined ? {} : { 'hv-vendor-id': vendorid.vendorid }) },
  switched('frequencies', 'hv-frequencies'),
  switched('reenlightenment', 'hv-reenlightenment'),
  switched('tlbflush', 'hv-tlbflush'),
  switched('ipi', 'hv-ipi'),
  switched('evmcs', 'hv-evmcs'),
];

export function hypervFlags(
  { spec: { domain } }: VirtualMachineInstance,
  accelerator: 'kvm' | 'tcg',
): { readonly flags: CpuFlags; readonly causes: readonly Cause[]; readonly warnings: readonly Cause[] } {
  const hyperv = domain.features?.hyperv ?? {};
  const passthrough = domain.features?.hypervPassthrough?.enabled === true;
  const clock = domain.clock?.timer?.hyperv;
  const asked = enlightenments.filter(({ field }) => hyperv[field] !== undefined && hyperv[field].enabled !== false);
  const flags: CpuFlags = Object.assign(
    {},
    ...asked.map((row) => row.flags(hyperv)),
    clock === undefined ? {} : { 'hv-time': clock.present !== false },
    passthrough ? { 'hv-passthrough': true } : {},
  );
  if (Object.keys(flags).length === 0) return { flags, causes: [], warnings: [] };
  if (accelerator === 'kvm') return { flags, causes: vendorCauses(hyperv.vendorid?.vendorid), warnings: [] };
  const warning = {
    reason: 'NotHonoured',
    field: 'spec.domain.features.hyperv',
    message: 'Hyper-V enlightenments exist with KVM only; the guest starts without them.',
  };
  return { flags: {}, causes: [], warnings: [warning] };
}

/** Twelve bytes of CPUID; and `-cpu` has no way to quote a comma, which would start a flag of its own. */
function vendorCauses(vendor = 'x'): readonly Cause[] {
  if (/^[ -+--~]{1,12}$/.test(vendor)) return [];
  return [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.domain.features.hyperv.vendorid.vendorid',
      message: `The vendor id '${vendor}' must have 1 to 12 characters of ASCII and no comma.`,
      fix: 'Shorten it.',
    },
  ];
}
