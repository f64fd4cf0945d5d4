// Owns the machines that the benchmarks make and how their states are awaited: on the watch, never by asking again.
// Must not measure anything.
import type { KubeObject } from '../../electron/api/object.ts';
import { guestMachine } from '../guests/guest-machine.ts';
import type { CoreProcess } from './core-process.ts';

export const machinesPath = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';
export const instancesPath = '/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances';

export function verbPath(name: string, verb: string): string {
  return `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachines/${name}/${verb}`;
}

/** The verbs that act on a run: pause, unpause, softreboot, reset. */
export function runVerbPath(name: string, verb: string): string {
  return `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/${name}/${verb}`;
}

/** A small machine with one disk image of this computer, in place; not started. */
export function machine(name: string, disk: string | undefined, memory = '256Mi'): object {
  return guestMachine(name, { ...(disk === undefined ? {} : { disk }), memory, runStrategy: 'Halted', labels: { app: 'bench' } });
}

type Instance = KubeObject<{
  readonly status?: { readonly phase?: string; readonly conditions?: readonly { readonly type: string; readonly message?: string }[] };
}>;

/** Resolves when the instance's phase is `wanted` (`gone`: it is deleted). */
export async function awaitPhase(core: CoreProcess, name: string, wanted: string): Promise<void> {
  const abort = new AbortController();
  const query = `?watch=true&fieldSelector=metadata.name%3D${name}`;
  const deadline = setTimeout(() => abort.abort(), 120_000);
  try {
    for await (const line of core.lines({ path: instancesPath + query, signal: abort.signal })) {
      const { type, object } = line as { type: string; object: Instance };
      if (wanted === 'gone' ? type === 'DELETED' : type !== 'DELETED' && object.status?.phase === wanted) return;
    }
    throw new Error(`${name} did not become ${wanted} within two minutes`);
  } finally {
    clearTimeout(deadline);
    abort.abort();
  }
}

export async function stopAndForget(core: CoreProcess, name: string): Promise<void> {
  const gone = awaitPhase(core, name, 'gone');
  // When the stop is refused, its words matter, not the watch that ends with the core.
  gone.catch(() => undefined);
  await core.request({ method: 'PUT', path: verbPath(name, 'stop'), body: { gracePeriod: 0 } });
  await gone;
}
