// Owns the one `vfio-pci.ids=` that counts on a kernel's line: the driver reads the last, which must name what earlier ones name.
// Must not take one away: the privileged program adds words only.
import { argumentWords } from './closed-forms.ts';
import { configuredLines } from './configured-lines.ts';
import type { PreparationFacts } from './preparation-facts.ts';
import { takenArguments } from './preparation-record.ts';

export interface WantedIds {
  /** Kernel arguments that MachineConfigs bring. */
  readonly given: readonly string[];
  /** Of devices that are told to the driver on this line. */
  readonly ids: readonly string[];
}

/** The driver takes its name with either sign. */
export function isIdsArgument(argument: string): boolean {
  return /^vfio[-_]pci\.ids=/.test(argument);
}

/** Undefined when nobody wants any. When those that are there name all, it is the one that is there. */
export function idsArgument(facts: PreparationFacts, { given, ids }: WantedIds): string | undefined {
  const wanted = [...given.filter(isIdsArgument).flatMap(idsIn), ...ids];
  if (wanted.length === 0) return undefined;
  const lines = configuredLines(facts).map((line) => argumentWords(line).findLast(isIdsArgument));
  // Killed between the two, the old one is gone and the new one not there yet.
  const there = [...lines, ...takenArguments(facts.record)].flatMap((word) => (word === undefined ? [] : idsIn(word)));
  const all = [...new Set([...there, ...wanted])];
  const same = lines.find((word) => word !== undefined && all.every((id) => idsIn(word).includes(id)));
  return same ?? `vfio-pci.ids=${all.join(',')}`;
}

function idsIn(argument: string): readonly string[] {
  return argument
    .slice(argument.indexOf('=') + 1)
    .split(',')
    .filter(Boolean);
}
