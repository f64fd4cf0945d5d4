// Owns the manifests as text: the YAML tab and the commands to copy.
// Must not change what the manifests say.
import { stringify } from 'yaml';
import type { RunChoice } from './form.ts';
import { type Manifests, draftsOf } from './manifests.ts';

/** One YAML stream, documents in the order in which they are created. */
export function manifestYaml(manifests: Manifests): string {
  return draftsOf(manifests)
    .map((draft) => stringify(draft, { lineWidth: 0 }))
    .join('---\n');
}

export interface CommandOptions {
  readonly run: RunChoice;
  readonly startWhenCreated: boolean;
}

/**
 * What to type to get the same from a terminal. The heredoc is quoted: a password hash is full of dollar signs.
 * A machine that is not run by hand starts on its own.
 */
export function createCommands(manifests: Manifests, { run, startWhenCreated }: CommandOptions): string {
  const { name, namespace } = manifests.machine.metadata;
  const start = run === 'manual' && startWhenCreated ? `virtctl start ${name} -n ${namespace}\n` : '';
  return `kubectl apply -f - <<'EOF'\n${manifestYaml(manifests)}EOF\n${start}`;
}
