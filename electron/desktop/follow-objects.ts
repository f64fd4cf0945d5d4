// Owns following the objects of one list as any client does: list, watch, and list anew after a lost watch.
// Must not poll, nor know what the objects mean.
import type { KubeObject } from '../api/object.ts';
import type { Caller, Router } from '../server/router.ts';

export interface Follower<T extends KubeObject> {
  /** `http://core/apis/…`, without a query. */
  readonly path: string;
  readonly onList: (objects: readonly T[]) => void;
  readonly onChange: (object: T, isThere: boolean) => void;
}

/** Until the answered function is called. */
export function followObjects<T extends KubeObject>(router: Router, caller: Caller, { path, onList, onChange }: Follower<T>): () => void {
  const abort = new AbortController();
  void follow();
  return () => abort.abort();

  async function follow(): Promise<void> {
    while (!abort.signal.aborted) {
      const since = await relist();
      if (since === undefined) return;
      await watch(since);
    }
  }

  async function relist(): Promise<string | undefined> {
    const answer = await router.handle(new Request(path), caller);
    if (!answer.ok) return undefined;
    const list = (await answer.json()) as { items: readonly T[]; metadata: { resourceVersion: string } };
    onList(list.items);
    return list.metadata.resourceVersion;
  }

  async function watch(since: string): Promise<void> {
    const answer = await router.handle(new Request(`${path}?watch=true&resourceVersion=${since}`, { signal: abort.signal }), caller);
    if (!answer.ok || answer.body === null) return;
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of answer.body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') apply(JSON.parse(line) as { readonly type: string; readonly object: T });
      }
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  }

  function apply({ type, object }: { readonly type: string; readonly object: T }): void {
    if (type !== 'BOOKMARK' && type !== 'ERROR') onChange(object, type !== 'DELETED');
  }
}
