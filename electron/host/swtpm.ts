// Owns finding swtpm and what it can do.
// Must not start a TPM.
import { z } from 'zod';
import type { SwtpmFact } from '../core/facts.ts';
import type { Log } from '../engine/ports.ts';
import { fileKey } from './cache.ts';
import { reasonOf } from './errno.ts';
import { findProgram, runCommand } from './exec.ts';

const timeoutMs = 10_000;
const answerSchema = z.object({ features: z.array(z.string()) });

/** Asked again when the program is another one: packages are upgraded while we run. */
export function swtpmProbe(log: Log): () => Promise<SwtpmFact | undefined> {
  let known: { readonly key: string; readonly fact: Promise<SwtpmFact | undefined> } | undefined;
  return async () => {
    const program = await findProgram('swtpm');
    if (program === undefined) return undefined;
    const key = await fileKey(program);
    if (known?.key !== key) known = { key, fact: ask(program, log) };
    return await known.fact;
  };
}

async function ask(program: string, log: Log): Promise<SwtpmFact | undefined> {
  try {
    const { stdout } = await runCommand({ program, args: ['socket', '--print-capabilities'], timeoutMs });
    return { program, features: new Set(answerSchema.parse(JSON.parse(stdout)).features) };
  } catch (error) {
    log.error('swtpm cannot be asked what it can do.', { program, reason: reasonOf(error) });
    return undefined;
  }
}
