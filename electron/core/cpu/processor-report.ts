// Owns what a user is told of the processors that guests can have here: host-model, models, features.
// Must not choose for anybody.
import type { ProcessorReport } from '../../api/processor.ts';
import type { HostFacts } from '../facts.ts';
import { featureName } from './feature-names.ts';
import { guestFeatures } from './guest-features.ts';
import { x86Level } from './host-model.ts';

export function processorReport(host: HostFacts): ProcessorReport {
  const {
    qemu,
    accelerator: { inUse },
  } = host;
  const known = guestFeatures(host) ?? new Map<string, boolean>();
  // QEMU lists aliases as features of their own.
  const features = new Map([...known].map(([name, available]) => [featureName(name), available]));
  const model = qemu?.hostModel[inUse];
  const available = new Set([...features].flatMap(([name, has]) => (has ? [name] : [])));
  return {
    accelerator: inUse,
    ...(model === undefined ? {} : { hostModel: { ...model, level: x86Level(available) } }),
    models: (qemu?.cpuModels[inUse] ?? [])
      .filter(({ name }) => !notToChoose.includes(name))
      .map(({ name, unavailableFeatures, deprecated }) => ({ name, missing: unavailableFeatures.map(featureName), deprecated }))
      .toSorted((a, b) => byName(a.name, b.name)),
    features: [...features].map(([name, has]) => ({ name, available: has })).toSorted((a, b) => byName(a.name, b.name)),
  };
}

/** `base` has nothing, and what `max` and `host` stand for is asked for as host-model and host-passthrough. */
const notToChoose: readonly string[] = ['base', 'max', 'host'];

function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}
