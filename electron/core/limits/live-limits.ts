// Owns which limits of a changed definition reach the run that goes on.
// Must not set them; the engine compares what it set with what the run says.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { mebibytesOf } from '../../api/quantity.ts';
import { guestMemory } from '../qemu/devices/memory.ts';

type Spec = VirtualMachineInstance['spec'];

const liveKeys = ['memory', 'cpu'] as const;

/**
 * The run's spec with the limits that can be changed while it goes on; the very same object when none was. A limit that was added or
 * taken away waits for a restart: one that is only on the run may be its project's default.
 */
export function withLimitsOf(spec: Spec, wanted: Spec): Spec {
  if (!canChange(spec)) return spec;
  const { limits } = spec.domain.resources ?? {};
  const asked = wanted.domain.resources?.limits;
  const changed = liveKeys.filter((key) => limits?.[key] !== undefined && asked?.[key] !== undefined && limits[key] !== asked[key]);
  const reached = changed.filter((key) => key !== 'memory' || coversGuest(spec, asked?.[key]));
  if (reached.length === 0) return spec;
  const now = Object.fromEntries(reached.flatMap((key) => (asked?.[key] === undefined ? [] : [[key, asked[key]]])));
  return { ...spec, domain: { ...spec.domain, resources: { ...spec.domain.resources, limits: { ...limits, ...now } } } };
}

/** Whether there is a limit stays, how much it is goes: for comparing a run with its definition. */
export function withoutLimitAmounts(spec: Spec): Spec {
  const { limits } = spec.domain.resources ?? {};
  if (limits === undefined || !canChange(spec)) return spec;
  const shown = Object.fromEntries(Object.entries(limits).map(([key, value]) => [key, key === 'memory' || key === 'cpu' ? '1' : value]));
  return { ...spec, domain: { ...spec.domain, resources: { ...spec.domain.resources, limits: shown } } };
}

/** Whole cores and huge pages are given at the start: their limits follow from what was given. */
function canChange({ domain }: Spec): boolean {
  return domain.cpu?.dedicatedCpuPlacement !== true && domain.memory?.hugepages === undefined;
}

/** The guest of the run keeps its memory: a limit below it would end it. */
function coversGuest(spec: Spec, limit: string | number | undefined): boolean {
  const guest = guestMemory({ spec } as VirtualMachineInstance)?.mib ?? 0;
  return (mebibytesOf(limit) ?? 0) >= guest;
}
