// Owns the list of running machines for the tray and the question at closing: a watch like any client's.
// Must not poll.
import type { KubeObject } from '../api/object.ts';
import type { Caller, Router } from '../server/router.ts';

export interface RunningMachineName {
  readonly namespace: string;
  readonly name: string;
}

export interface RunningMachines {
  list(): readonly RunningMachineName[];
  close(): void;
}

type WatchLine = { readonly type: string; readonly object: KubeObject<{ readonly status?: { readonly phase?: string } }> };

const listPath = 'http://core/apis/kubevirt.io/v1/virtualmachineinstances';

/** Follows the instances until closed; after a lost watch it lists anew. */
export function followRunningMachines(router: Router, caller: Caller, onChange: () => void): RunningMachines {
  const found = new Map<string, RunningMachineName>();
  const abort = new AbortController();
  void follow();
  return { list: () => [...found.values()], close: () => abort.abort() };

  async function follow(): Promise<void> {
    while (!abort.signal.aborted) {
      const since = await relist();
      if (since === undefined) return;
      await watch(since);
    }
  }

  async function relist(): Promise<string | undefined> {
    const answer = await router.handle(new Request(listPath), caller);
    if (!answer.ok) return undefined;
    const list = (await answer.json()) as { items: readonly WatchLine['object'][]; metadata: { resourceVersion: string } };
    found.clear();
    for (const object of list.items) note(object, object.status?.phase === 'Running');
    onChange();
    return list.metadata.resourceVersion;
  }

  async function watch(since: string): Promise<void> {
    const answer = await router.handle(new Request(`${listPath}?watch=true&resourceVersion=${since}`, { signal: abort.signal }), caller);
    if (!answer.ok || answer.body === null) return;
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of answer.body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') apply(JSON.parse(line) as WatchLine);
      }
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  }

  function apply({ type, object }: WatchLine): void {
    if (type === 'BOOKMARK' || type === 'ERROR') return;
    const before = found.size;
    note(object, type !== 'DELETED' && object.status?.phase === 'Running');
    if (found.size !== before) onChange();
  }

  function note({ metadata }: WatchLine['object'], running: boolean): void {
    const key = `${metadata.namespace}/${metadata.name}`;
    if (running) found.set(key, { namespace: metadata.namespace ?? 'default', name: metadata.name });
    else found.delete(key);
  }
}
