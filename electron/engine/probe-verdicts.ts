// Owns what follows from a probe's verdict: readiness is written down, a guest that does not live is ended, with evidence.
// Must not ask the guest.
import { annotations } from '../api/annotations.ts';
import { resources } from '../api/resources.ts';
import { timestamp } from '../core/status/conditions.ts';
import { report } from '../core/status/failure-evidence.ts';
import type { EngineContext } from './context.ts';
import type { ProbeVerdict } from './probes.ts';
import { read } from './typed.ts';
import { applyFact } from './vmi-facts.ts';

export function hearVerdict(context: EngineContext, { key, probe, passes, message }: ProbeVerdict): void {
  const { store, events, machines, clock, objects } = context;
  const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi === undefined) return;
  store.transaction(() => {
    if (probe === 'readinessProbe') {
      applyFact(context, key, { type: 'Readiness', ready: passes, message });
      if (!passes) events.record(vmi, { type: 'Warning', reason: 'Unhealthy', message: `Readiness probe failed: ${message}` });
      return;
    }
    if (passes) return;
    const now = clock.now();
    const evidence = report(vmi, now, { reason: 'LivenessProbeFailed', message: `Liveness probe failed: ${message}` });
    machines.noteFailure(vmi.metadata.uid, evidence);
    events.record(vmi, { type: 'Warning', reason: 'Unhealthy', message: evidence.message, evidence: evidence.id });
    applyFact(context, key, { type: 'LivenessFailed' });
    // As for a watchdog that pressed the button: the guest has its grace period, whatever becomes of the core.
    objects.change(key, (object) => ({
      ...object,
      metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [annotations.shutdownSince]: timestamp(now) } },
    }));
  });
  context.wake(key);
}
