// Owns which fields of a machine differ from its run: what a restart would change.
// Must not decide whether a restart is needed; the core does.
import type { MachineView } from './machine-view.ts';

/** What the core fills in for a run, or changes with the run: no change of the user's. */
const filledIn = ['terminationGracePeriodSeconds', 'startStrategy'];

/** Paths under the template, the deepest that tell them apart, e.g. `domain.cpu.cores`. At most twelve. */
export function pendingChanges({ vm, vmi }: Pick<MachineView, 'vm' | 'vmi'>): readonly string[] {
  if (vmi === undefined) return [];
  return differences(vm.spec.template.spec, vmi.spec, '')
    .filter((path) => !filledIn.includes(path))
    .slice(0, 12);
}

/** Fields that only the run has were filled in by defaults; only what the definition says is compared. */
function differences(wanted: unknown, actual: unknown, path: string): readonly string[] {
  if (wanted === undefined || Object.is(wanted, actual)) return [];
  if (Array.isArray(wanted) && Array.isArray(actual) && wanted.length === actual.length) {
    return wanted.flatMap((item, index) => differences(item, actual[index], `${path}[${nameOf(item) ?? index}]`));
  }
  if (isRecord(wanted) && isRecord(actual)) {
    return Object.keys(wanted).flatMap((key) => differences(wanted[key], actual[key], path === '' ? key : `${path}.${key}`));
  }
  return JSON.stringify(wanted) === JSON.stringify(actual) ? [] : [path];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(item: unknown): string | undefined {
  return isRecord(item) && typeof item['name'] === 'string' ? item['name'] : undefined;
}
