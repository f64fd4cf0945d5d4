// Owns what `host-model` means on this computer: the closest model that QEMU knows by name, and in which features it differs.
// Must not decide who gets it.
import { tellsProcessors } from './feature-names.ts';

/** A model as QEMU defines it, whatever this computer can give. Features under QEMU's own names. */
export interface CpuDefinition {
  readonly name: string;
  readonly vendor: string;
  readonly features: ReadonlySet<string>;
}

export interface HostProcessor {
  readonly vendor: string;
  /** Everything that a guest can have here under one accelerator. */
  readonly features: ReadonlySet<string>;
}

export interface HostModel {
  readonly name: string;
  /** Features of this computer that the named model lacks. */
  readonly added: readonly string[];
  /** Features of the named model that this computer lacks. */
  readonly removed: readonly string[];
}

/**
 * libvirt's rule: of the models of the same vendor the one that differs in the fewest features; of two the one that shares more. Undefined where
 * no model is known.
 */
export function closestModel(host: HostProcessor, definitions: readonly CpuDefinition[]): HostModel | undefined {
  const sameVendor = definitions.filter(({ vendor }) => vendor === host.vendor);
  const wanted = [...host.features].filter(tellsProcessors);
  const rows = (sameVendor.length > 0 ? sameVendor : definitions).map(({ name, features }) => ({
    name,
    added: wanted.filter((feature) => !features.has(feature)),
    removed: [...features].filter((feature) => tellsProcessors(feature) && !host.features.has(feature)),
  }));
  const [best] = rows.toSorted((a, b) => differences(a) - differences(b) || a.added.length - b.added.length || (a.name < b.name ? -1 : 1));
  return best === undefined ? undefined : { ...best, added: best.added.toSorted(), removed: best.removed.toSorted() };
}

function differences({ added, removed }: HostModel): number {
  return added.length + removed.length;
}

/** Of the x86-64 psABI: what a distribution's build demands of every processor. Each level needs those below it. */
const levels: readonly (readonly string[])[] = [
  ['lm', 'cmov', 'cx8', 'fpu', 'fxsr', 'mmx', 'syscall', 'sse', 'sse2'],
  ['cx16', 'lahf-lm', 'popcnt', 'pni', 'sse4.1', 'sse4.2', 'ssse3'],
  ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave'],
  ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'],
];

/** 1 to 4 for x86-64-v1 to v4; 0 when it is no 64-bit processor. */
export function x86Level(features: ReadonlySet<string>): number {
  const missing = levels.findIndex((level) => level.some((feature) => !features.has(feature)));
  return missing < 0 ? levels.length : missing;
}
