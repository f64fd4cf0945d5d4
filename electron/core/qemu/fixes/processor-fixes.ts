// Owns what is offered for reasons in the processor and the board: model, features, own cores, machine type.
// Must not judge.
import type { FixAction } from '../../../api/fix-actions.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { featureName } from '../../cpu/feature-names.ts';
import type { LaunchFacts } from '../../facts.ts';
import { type Asked, type FixRow, added, change, removed, stillNamed } from './fix-row.ts';

const cpu = '/spec/domain/cpu';
const hostModel = change('Use host-model', added(`${cpu}/model`, 'host-model'));
const noMask = change('Give every vCPU real-time priority', removed(`${cpu}/realtime/mask`));

export const processorFixes: readonly FixRow[] = [
  { reason: 'FieldValueNotSupported', field: /^spec\.domain\.cpu\.model$/, offer: () => [hostModel] },
  {
    reason: 'CpuModelUnavailable',
    field: /^spec\.domain\.cpu\.model$/,
    offer: ({ vmi, facts }) => [hostModel, ...disableMissing(vmi, facts)],
  },
  {
    reason: 'CpuFeatureUnavailable',
    field: /^spec\.domain\.cpu\.features\[\d+\]$/,
    offer: (asked) => [policy(asked, 'optional', (name) => `Make the CPU feature ${name} optional`)],
  },
  {
    reason: 'CpuFeatureForbidden',
    field: /^spec\.domain\.cpu\.features\[\d+\]$/,
    offer: (asked) => [policy(asked, 'disable', (name) => `Hide the CPU feature ${name} from the guest`)],
  },
  {
    reason: 'FieldValueNotSupported',
    field: /^spec\.domain\.cpu\.features\[\d+\]\.policy$/,
    offer: (asked) => [policy(asked, 'require', (name) => `Require the CPU feature ${name}`)],
  },
  { reason: 'FieldValueNotSupported', field: /^spec\.domain\.cpu\.features\[\d+\]\.name$/, offer: withoutFeature },
  {
    reason: 'CoresShort',
    field: /^spec\.domain\.cpu\.dedicatedCpuPlacement$/,
    offer: ({ vmi }) => [change('Share the CPUs with other machines', ...sharing(vmi))],
  },
  { reason: 'FieldValueInvalid', field: /^spec\.domain\.cpu\.realtime\.mask$/, offer: () => [noMask] },
  {
    reason: 'FieldValueNotSupported',
    field: /^spec\.domain\.machine\.type$/,
    offer: () => [change('Use the machine type q35', added('/spec/domain/machine/type', 'q35'))],
  },
  {
    reason: 'FieldValueNotSupported',
    field: /^spec\.architecture$/,
    offer: () => [change('Use amd64', added('/spec/architecture', 'amd64'))],
  },
];

function disableMissing({ spec: { domain } }: VirtualMachineInstance, { host }: LaunchFacts): readonly FixAction[] {
  const { model, features = [] } = domain.cpu ?? {};
  const row = host.qemu?.cpuModels[host.accelerator.inUse].find(({ name }) => name === model);
  const named = new Set(features.map(({ name }) => featureName(name)));
  const missing = (row?.unavailableFeatures ?? []).map(featureName).filter((name) => !named.has(name));
  if (missing.length === 0) return [];
  const all = [...features.map((feature) => ({ ...feature })), ...missing.map((name) => ({ name, policy: 'disable' }))];
  return [change(`Disable what ${model} lacks here`, added(`${cpu}/features`, all))];
}

function policy({ vmi, indexes: [index = 0] }: Asked, value: string, label: (name: string) => string): FixAction {
  const name = vmi.spec.domain.cpu?.features?.[index]?.name ?? '';
  const path = `${cpu}/features/${index}`;
  return change(label(name), stillNamed(path, name), added(`${path}/policy`, value));
}

function withoutFeature({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.domain.cpu?.features?.[index]?.name;
  const path = `${cpu}/features/${index}`;
  return name === undefined ? [] : [change(`Take the CPU feature ${name} out`, stillNamed(path, name), removed(path))];
}

/** What hangs on cores of its own goes with them. */
function sharing({ spec }: VirtualMachineInstance) {
  const { isolateEmulatorThread, numa, realtime } = spec.domain.cpu ?? {};
  const gone = { isolateEmulatorThread, numa, realtime, dedicatedCpuPlacement: true };
  return Object.entries(gone).flatMap(([name, value]) => (value === undefined ? [] : [removed(`${cpu}/${name}`)]));
}
