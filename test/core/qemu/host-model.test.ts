// Owns the choice of the named model that stands for this computer.
// Must not ask a QEMU; capabilities.test.ts reads a recorded one.
import { expect, test } from 'vitest';
import { featureName } from '../../../electron/core/cpu/feature-names.ts';
import { closestModel, x86Level } from '../../../electron/core/cpu/host-model.ts';
import { capabilities, type QmpRecording, recordingKey } from '../../../electron/core/qemu/capabilities.ts';
import { readRecording } from '../../golden/golden-case.ts';

const model = (name: string, vendor: string, ...features: readonly string[]) => ({ name, vendor, features: new Set(features) });
const models = [
  model('Old', 'Intel', 'sse2'),
  model('New', 'Intel', 'sse2', 'avx', 'avx2', 'hle'),
  model('Newer', 'Intel', 'sse2', 'avx', 'avx2', 'avx512f', 'avx512bw', 'hle'),
  model('Other', 'Amd', 'sse2', 'avx', 'avx2', 'sse4a'),
];

test.each([
  { name: 'equal', vendor: 'Intel', has: ['sse2', 'avx', 'avx2', 'hle'], want: { name: 'New', added: [], removed: [] } },
  {
    name: 'one more, one less',
    vendor: 'Intel',
    has: ['sse2', 'avx', 'avx2', 'sha-ni'],
    want: { name: 'New', added: ['sha-ni'], removed: ['hle'] },
  },
  { name: 'of the same vendor', vendor: 'Amd', has: ['sse2'], want: { name: 'Other', added: [], removed: ['avx', 'avx2', 'sse4a'] } },
  { name: 'of any vendor when its own has none', vendor: 'Centaur', has: ['sse2'], want: { name: 'Old', added: [], removed: [] } },
  // Both differ in two: the one that has more of what there is.
  { name: 'a tie', vendor: 'Intel', has: ['sse2', 'avx2'], want: { name: 'Old', added: ['avx2'], removed: [] } },
  {
    name: 'what the hypervisor adds tells nothing',
    vendor: 'Intel',
    has: ['sse2', 'hypervisor', 'x2apic', 'kvmclock', 'pmu'],
    want: { name: 'Old', added: [], removed: [] },
  },
])('closest: $name', ({ vendor, has, want }) => {
  expect(closestModel({ vendor, features: new Set(has) }, models)).toEqual(want);
});

test('without models there is none', () => {
  expect(closestModel({ vendor: 'Intel', features: new Set() }, [])).toBeUndefined();
});

test.each([
  ['lahf_lm', 'lahf-lm'],
  ['sse4_1', 'sse4.1'],
  ['sse3', 'pni'],
  ['aes', 'aes'],
])('%s is %s to QEMU', (given, want) => {
  expect(featureName(given)).toBe(want);
});

const recording = readRecording('qemu-7.2-x86_64');

test('the recorded QEMU: its own maximum under emulation, a model of the vendor under KVM', () => {
  const { hostModel } = capabilities(recording);
  expect([hostModel.tcg, hostModel.kvm?.name]).toEqual([{ name: 'max', added: [], removed: [] }, 'Opteron_G2']);
});

/** A KVM that gives exactly what one of QEMU's own models has. */
function onProcessor(name: string): QmpRecording {
  const definition = recording.tcg[recordingKey({ execute: 'query-cpu-model-expansion', arguments: { type: 'full', model: { name } } })];
  const max = recordingKey({ execute: 'query-cpu-model-expansion', arguments: { type: 'full', model: { name: 'max' } } });
  return { ...recording, kvm: definition === undefined ? {} : { [max]: definition } };
}

test.each(['Haswell-noTSX-IBRS', 'Skylake-Server', 'EPYC-Rome', 'Cascadelake-Server'])('on a %s, host-model is it', (name) => {
  expect(capabilities(onProcessor(name)).hostModel.kvm).toEqual({ name, added: [], removed: [] });
});

test.each([
  ['486', 0],
  ['kvm64', 1],
  ['Nehalem', 2],
  ['Haswell', 3],
  ['Skylake-Server', 4],
] as const)('%s is of level %i', (name, level) => {
  const features = new Map(Object.entries(onProcessor(name).kvm ?? {})).values().next().value as { model: { props: object } };
  expect(x86Level(new Set(Object.keys(features.model.props).map(featureName)))).toBe(level);
});
