// Owns what the picker of processors offers and what it writes.
// Must not draw it.
import { describe, expect, test } from 'vitest';
import type { ProcessorReport } from '../../../electron/api/processor.ts';
import {
  featureOutcome,
  foundModels,
  isProcessorDraftValid,
  missingOf,
  processorDraft,
  processorPatch,
  withoutMissing,
} from '../../../renderer/features/machines/processor-edits.ts';
import { withDomain } from '../../fakes/builders.ts';
import { storedVm } from './machines.ts';

const report: ProcessorReport = {
  accelerator: 'tcg',
  models: [
    { name: 'EPYC', missing: ['topoext', 'lahf-lm'], deprecated: false },
    { name: 'Haswell', missing: ['pcid'], deprecated: false },
    { name: 'Haswell-v2', missing: ['pcid'], deprecated: false },
    { name: 'Nehalem', missing: [], deprecated: false },
  ],
  features: [
    { name: 'avx2', available: true },
    { name: 'lahf-lm', available: false },
  ],
};

test.each([
  ['', ['Nehalem', 'EPYC', 'Haswell']],
  ['has', ['Haswell']],
  ['haswell-v', ['Haswell-v2']],
  ['zen', []],
])('a search for %j finds %j', (search, want) => {
  expect(foundModels(report, search).map(({ name }) => name)).toEqual(want);
});

describe('a model that lacks something here', () => {
  const draft = { model: 'EPYC', features: [{ name: 'lahf_lm', policy: 'require' as const }] };

  test('is told with what it lacks, and runs when that is disabled', () => {
    const mended = withoutMissing(draft, missingOf(report, draft));
    expect([missingOf(report, draft), mended.features, missingOf(report, mended)]).toEqual([
      ['topoext', 'lahf-lm'],
      [
        { name: 'topoext', policy: 'disable' },
        { name: 'lahf-lm', policy: 'disable' },
      ],
      [],
    ]);
  });

  test('may be forced, too', () => {
    const forced = (['topoext', 'lahf_lm'] as const).map((name) => ({ name, policy: 'force' as const }));
    expect(missingOf(report, { ...draft, features: forced })).toEqual([]);
  });
});

test.each([
  ['avx2', 'require', 'has'],
  ['avx2', 'forbid', 'blocks'],
  ['avx2', 'disable', 'off'],
  ['lahf_lm', 'require', 'blocks'],
  ['lahf_lm', 'optional', 'leftOut'],
  ['lahf_lm', 'force', 'forced'],
  ['lahf_lm', 'forbid', 'off'],
  ['warp', 'require', 'unknown'],
] as const)('%s with %s: %s', (name, policy, want) => {
  expect(featureOutcome(report, { name, policy })).toBe(want);
});

test.each([
  [['avx2', 'aes'], true],
  [['avx2', 'avx2'], false],
  [['lahf_lm', 'lahf-lm'], false],
  [[''], false],
  [['avx2,kvm=off'], false],
])('features %j may be saved: %s', (names, want) => {
  expect(isProcessorDraftValid({ model: 'Nehalem', features: names.map((name) => ({ name, policy: 'require' as const })) })).toBe(want);
});

test('the rest of the processor stays; without features there is no list', () => {
  const cpu = { cores: 2, dedicatedCpuPlacement: true, features: [{ name: 'aes' }] };
  const machine = storedVm(
    'web',
    {},
    withDomain((domain) => ({ ...domain, cpu })),
  );
  const [unchanged, change] = processorPatch(machine, { model: 'Nehalem', features: [] });
  expect([processorDraft(machine), unchanged, change]).toEqual([
    { model: 'host-model', features: [{ name: 'aes', policy: 'require' }] },
    { op: 'test', path: '/spec/template/spec/domain/cpu', value: cpu },
    { op: 'add', path: '/spec/template/spec/domain/cpu', value: { cores: 2, dedicatedCpuPlacement: true, model: 'Nehalem' } },
  ]);
});
