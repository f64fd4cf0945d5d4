// Owns what the picker of processors is told.
// Must not choose one.
import { expect, test } from 'vitest';
import { processorReport } from '../../../electron/core/cpu/processor-report.ts';
import { goldenPlaces, launchFacts, readCase } from '../../golden/golden-case.ts';
import { machine } from './machines.ts';

const { host } = launchFacts(readCase('minimal'), machine(), goldenPlaces);

test('each model once with what it lacks here, each feature under one name', () => {
  const { accelerator, hostModel, models, features } = processorReport(host);
  const named = (name: string) => models.find((model) => model.name === name);
  expect({
    accelerator,
    hostModel,
    nehalem: named('Nehalem'),
    haswell: named('Haswell-noTSX')?.missing,
    open: ['max', 'host', 'base'].map(named),
    avx2: features.filter(({ name }) => name === 'avx2'),
    sse3: features.filter(({ name }) => ['sse3', 'pni'].includes(name)),
  }).toEqual({
    accelerator: 'tcg',
    hostModel: { name: 'max', added: [], removed: [], level: 3 },
    nehalem: { name: 'Nehalem', missing: [], deprecated: false },
    haswell: ['pcid', 'x2apic', 'tsc-deadline', 'invpcid'],
    open: [undefined, undefined, undefined],
    avx2: [{ name: 'avx2', available: true }],
    sse3: [{ name: 'pni', available: true }],
  });
});

test('without QEMU there is nothing to choose from', () => {
  const { qemu, ...without } = host;
  expect([qemu === undefined, processorReport(without)]).toEqual([false, { accelerator: 'tcg', models: [], features: [] }]);
});
