// Owns the five policies of a CPU feature against what the computer can give.
// Must not test models.
import { expect, test } from 'vitest';
import { featurePolicies } from '../../../electron/core/qemu/devices/cpu-features.ts';
import { goldenPlaces, launchFacts, readCase } from '../../golden/golden-case.ts';
import { machine } from './machines.ts';

// avx2 is emulated, pcid is not.
const { host } = launchFacts(readCase('minimal'), machine(), goldenPlaces);
const has = 'avx2';
const lacks = 'pcid';

test.each([
  { policy: 'force', name: has, want: true },
  { policy: 'force', name: lacks, want: true },
  { policy: 'require', name: has, want: true },
  { policy: 'require', name: lacks, want: 'CpuFeatureUnavailable' },
  { policy: '', name: lacks, want: 'CpuFeatureUnavailable' },
  { policy: undefined, name: has, want: true },
  { policy: 'optional', name: has, want: true },
  { policy: 'optional', name: lacks, want: undefined },
  { policy: 'disable', name: has, want: false },
  { policy: 'disable', name: lacks, want: false },
  { policy: 'forbid', name: has, want: 'CpuFeatureForbidden' },
  { policy: 'forbid', name: lacks, want: false },
  { policy: 'sometimes', name: has, want: 'FieldValueNotSupported' },
  { policy: 'force', name: 'enforce', want: 'FieldValueNotSupported' },
  { policy: 'force', name: 'avx2,kvm', want: 'FieldValueNotSupported' },
])('$policy of $name is $want', ({ policy, name, want }) => {
  const feature = policy === undefined ? { name } : { name, policy };
  const { flags, causes } = featurePolicies(machine({ domain: { cpu: { features: [feature] } } }), host);
  expect(causes[0]?.reason ?? flags[name]).toBe(want);
});

test("libvirt's underscores are QEMU's dashes", () => {
  const vmi = machine({ domain: { cpu: { features: [{ name: 'lahf_lm', policy: 'require' }] } } });
  expect(featurePolicies(vmi, host)).toEqual({ flags: { 'lahf-lm': true }, causes: [] });
});

test.each([
  { inUse: 'kvm', hasInvariantTsc: true, want: true },
  { inUse: 'kvm', hasInvariantTsc: false, want: 'CpuFeatureUnavailable' },
  { inUse: 'tcg', hasInvariantTsc: true, want: 'CpuFeatureUnavailable' },
] as const)('an invariant clock, which QEMU never counts: $inUse, $hasInvariantTsc: $want', ({ inUse, hasInvariantTsc, want }) => {
  if (host.qemu === undefined) throw new Error('probed');
  const qemu = { ...host.qemu, cpuFeatures: { ...host.qemu.cpuFeatures, kvm: host.qemu.cpuFeatures.tcg } };
  const computer = { ...host, qemu, cpus: { ...host.cpus, hasInvariantTsc }, accelerator: { ...host.accelerator, inUse } };
  const vmi = machine({ domain: { cpu: { features: [{ name: 'invtsc', policy: 'require' }] } } });
  const { flags, causes } = featurePolicies(vmi, computer);
  expect(causes[0]?.reason ?? flags['invtsc']).toBe(want);
});

test('without a probe nothing is refused', () => {
  const { qemu, ...unprobed } = host;
  const vmi = machine({ domain: { cpu: { features: [{ name: 'anything', policy: 'require' }] } } });
  expect([qemu === undefined, featurePolicies(vmi, unprobed)]).toEqual([false, { flags: { anything: true }, causes: [] }]);
});
