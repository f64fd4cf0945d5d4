// Owns waiting for a state of an object, or for an event about a machine, on the watch of a core.
// Must not test anything.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { requestBytes } from '../../electron/cli/connection.ts';
import type { Evidence } from '../../electron/api/evidence.ts';
import type { CoreProcess } from '../bench/core-process.ts';
import { type Picture, pictureOf } from '../fakes/read-png.ts';

export interface Watched {
  readonly metadata: { readonly uid: string };
  readonly status?: {
    readonly phase?: string;
    readonly printableStatus?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly startFailure?: { readonly consecutiveFailCount?: number; readonly retryAfterTimestamp?: string };
  };
}

export interface SeenEvent {
  readonly involvedObject: { readonly name: string };
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

const patienceMs = 240_000;

/** The first state of the object `name` of the collection `path` for which `isIt` says so. */
export async function untilState(
  core: CoreProcess,
  { path, name }: { readonly path: string; readonly name: string },
  isIt: (object: Watched) => boolean,
): Promise<Watched> {
  const query = `watch=true&fieldSelector=metadata.name%3D${name}`;
  const found = await firstOn(core, `${path}?${query}`, (object: Watched) => isIt(object));
  if (found === undefined) throw new Error(`${name} did not come to that state within ${patienceMs / 1000} s`);
  return found;
}

/** Acts, and resolves at the next change of an event with this reason and text in its message. */
export async function untilEvent(
  core: CoreProcess,
  { name, reason, text }: { readonly name: string; readonly reason: string; readonly text: string },
  act: () => unknown,
): Promise<SeenEvent> {
  const events = '/api/v1/namespaces/default/events';
  const { metadata } = (await core.request({ path: `${events}?limit=1` })) as { metadata: { resourceVersion: string } };
  await act();
  const isIt = ({ involvedObject, reason: why, message }: SeenEvent): boolean =>
    involvedObject.name === name && why === reason && message.includes(text);
  const found = await firstOn(core, `${events}?watch=true&resourceVersion=${metadata.resourceVersion}`, isIt);
  if (found === undefined) throw new Error(`no event ${reason} with "${text}" of ${name} within ${patienceMs / 1000} s`);
  return found;
}

/** What was kept of a failure of this kind. Its event comes first: the picture and the last lines follow it. */
export async function untilEvidence(
  core: CoreProcess,
  { name, reason }: { readonly name: string; readonly reason: string },
): Promise<Evidence> {
  const path = `/apis/virtdeck.io/v1alpha1/namespaces/default/virtualmachineinstances/${name}/evidence`;
  const kept = async (): Promise<Evidence | undefined> =>
    ((await core.request({ path })) as { items: readonly Evidence[] }).items.findLast((one) => one.reason === reason);
  return await vi.waitUntil(kept, { timeout: patienceMs, interval: 100 });
}

/** The picture that was kept with it. */
export async function evidencePicture(core: CoreProcess, name: string, { id }: Evidence): Promise<Picture> {
  const path = `/apis/virtdeck.io/v1alpha1/namespaces/default/virtualmachineinstances/${name}/evidence/${id}/screenshot`;
  return pictureOf(await requestBytes({ socket: core.socket, path, accept: 'image/png' }));
}

export function runDirOf(core: CoreProcess, uid: string): string {
  return join(core.runDir, readdirSync(core.runDir).find((entry) => uid.startsWith(entry)) ?? '');
}

/** The core has looked at the screen of this run, and not before now. */
export async function untilLookedAt(core: CoreProcess, uid: string): Promise<void> {
  const since = Date.now();
  const file = join(runDirOf(core, uid), 'screen.ppm');
  const isLookedAt = (): boolean => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > since;
  await vi.waitUntil(isLookedAt, { timeout: patienceMs, interval: 200 });
}

async function firstOn<Seen>(core: CoreProcess, path: string, isIt: (object: Seen) => boolean): Promise<Seen | undefined> {
  const abort = new AbortController();
  const deadline = setTimeout(() => abort.abort(), patienceMs);
  try {
    for await (const line of core.lines({ path, signal: abort.signal })) {
      const { type, object } = line as { type: string; object: Seen };
      if (type !== 'DELETED' && isIt(object)) return object;
    }
    return undefined;
  } finally {
    clearTimeout(deadline);
    abort.abort();
  }
}
