// Owns what the dialog of a machine's processor changes: its model, and its features with a policy each.
// Must not know what a computer can give; its report says.
import type { ProcessorModel, ProcessorReport } from '../../../electron/api/processor.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { domainPath, type Patch, specOf, unchanged } from './machine-edits.ts';

export const featurePolicies = ['force', 'require', 'optional', 'disable', 'forbid'] as const;
export type FeaturePolicy = (typeof featurePolicies)[number];

export interface FeatureRow {
  readonly name: string;
  readonly policy: FeaturePolicy;
}

export interface ProcessorDraft {
  readonly model: string;
  readonly features: readonly FeatureRow[];
}

export const relativeModels = ['host-model', 'host-passthrough'] as const;

export function processorDraft(vm: VirtualMachine): ProcessorDraft {
  const { model = '', features = [] } = specOf(vm).domain.cpu ?? {};
  return {
    model: model === '' ? 'host-model' : model,
    features: features.map(({ name, policy }) => ({ name, policy: featurePolicies.find((known) => known === policy) ?? 'require' })),
  };
}

/** Names are those of libvirt or QEMU; each once. */
export function isProcessorDraftValid({ features }: ProcessorDraft): boolean {
  const names = features.map(({ name }) => name.trim());
  return names.every((name) => /^[a-z0-9][a-z0-9._-]*$/i.test(name)) && new Set(names.map(plainName)).size === names.length;
}

/** Topology, pinning and all else of `cpu` stays. */
export function processorPatch(vm: VirtualMachine, { model, features }: ProcessorDraft): Patch {
  const path = `${domainPath}/cpu`;
  const old = specOf(vm).domain.cpu;
  const { features: _features, ...rest } = old ?? {};
  const rows = features.map(({ name, policy }) => ({ name: name.trim(), policy }));
  return [
    ...unchanged(path, old),
    { op: 'add', path, value: { ...(rest as object), model, ...(rows.length === 0 ? {} : { features: rows }) } },
  ];
}

/** Models whose name holds the text; those that run here first. The tellings of one model (`-v2`) show only when they are searched for. */
export function foundModels({ models }: ProcessorReport, search: string): readonly ProcessorModel[] {
  const text = search.trim().toLowerCase();
  const wantsVersions = /-v\d*$/.test(text);
  return models
    .filter(({ name }) => name.toLowerCase().includes(text) && (wantsVersions || !/-v\d+$/.test(name)))
    .toSorted((a, b) => Number(a.missing.length > 0) - Number(b.missing.length > 0));
}

/** Features of the chosen model that guests cannot have here, and for which the draft does not say what is to become of them. */
export function missingOf({ models }: ProcessorReport, { model, features }: ProcessorDraft): readonly string[] {
  const said = new Set(features.filter(({ policy }) => policy === 'disable' || policy === 'force').map(({ name }) => plainName(name)));
  return (models.find(({ name }) => name === model)?.missing ?? []).filter((name) => !said.has(plainName(name)));
}

export function withoutMissing(draft: ProcessorDraft, missing: readonly string[]): ProcessorDraft {
  const others = draft.features.filter(({ name }) => !missing.includes(plainName(name)));
  return { ...draft, features: [...others, ...missing.map((name): FeatureRow => ({ name, policy: 'disable' }))] };
}

/** What a feature's policy comes to on this computer. */
export type FeatureOutcome = 'has' | 'leftOut' | 'blocks' | 'unknown' | 'forced' | 'off';

export function featureOutcome({ features }: ProcessorReport, { name, policy }: FeatureRow): FeatureOutcome {
  const known = features.find((feature) => feature.name === plainName(name));
  if (known === undefined) return 'unknown';
  switch (policy) {
    case 'force':
      return known.available ? 'has' : 'forced';
    case 'require':
      return known.available ? 'has' : 'blocks';
    case 'optional':
      return known.available ? 'has' : 'leftOut';
    case 'disable':
      return 'off';
    case 'forbid':
      return known.available ? 'blocks' : 'off';
  }
}

/** libvirt writes underscores where QEMU has dashes. */
function plainName(name: string): string {
  return name.trim().replaceAll('_', '-');
}
