// Owns waiting until a run says something of itself that holds some words.
// Must not judge it.
import type { KubeObject } from '../../../electron/api/object.ts';
import type { CoreProcess } from '../../bench/core-process.ts';
import { instancesPath } from '../../bench/machines.ts';

interface Instance extends KubeObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly { readonly message?: string }[] };
}

interface SaidOfRun {
  readonly phase: string | undefined;
  /** Undefined: nothing of the kind was said for a minute. */
  readonly message: string | undefined;
}

export async function saidOfRun(core: CoreProcess, name: string, words: string): Promise<SaidOfRun> {
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(), 60_000);
  const path = `${instancesPath}?watch=true&fieldSelector=metadata.name%3D${name}`;
  let phase: string | undefined;
  try {
    for await (const line of core.lines({ path, signal: abort.signal })) {
      const { status } = (line as { readonly object: Instance }).object;
      phase = status?.phase;
      const said = status?.conditions?.find(({ message = '' }) => message.includes(words));
      if (said !== undefined) return { phase, message: said.message };
    }
  } catch {
    // Too late: what it came to says more.
  } finally {
    clearTimeout(late);
    abort.abort();
  }
  return { phase, message: undefined };
}
