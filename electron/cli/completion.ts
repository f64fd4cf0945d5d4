// Owns shell completion: `virtdeck completion bash|zsh|fish`. The scripts ask `virtdeck __complete`, so they never grow old.
// Must not start a core: completing a word must be free of effects.
import { existsSync } from 'node:fs';
import { kinds } from '../api/kinds/registry.ts';
import type { KubeObject } from '../api/object.ts';
import { requestJson } from './connection.ts';
import { kindByWord, pathOf, UsageError } from './resource-names.ts';

const scripts: Readonly<Record<string, string>> = {
  bash: `_virtdeck() { local IFS=$'\\n'; COMPREPLY=($(compgen -W "$(virtdeck __complete "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}")); }
complete -F _virtdeck virtdeck
`,
  zsh: `#compdef virtdeck
_virtdeck() { local -a found; found=(\${(f)"$(virtdeck __complete \${words[2,CURRENT-1]} 2>/dev/null)"}); compadd -a found }
compdef _virtdeck virtdeck
`,
  fish: `complete -c virtdeck -f -a '(virtdeck __complete (commandline -opc)[2..] 2>/dev/null)'
`,
};

export function completionScript(shell: string): string {
  const script = scripts[shell];
  if (script === undefined) throw new UsageError(`Unsupported shell type "${shell}". Use one of: ${Object.keys(scripts).join(', ')}`);
  return script;
}

const onTypes = ['get', 'describe', 'delete', 'edit'];

/** Candidates for the next word after `words`. */
export async function completions(given: {
  readonly words: readonly string[];
  readonly commands: readonly string[];
  readonly machineCommands: readonly string[];
  readonly socket: string;
  readonly namespace: string;
}): Promise<readonly string[]> {
  const [command, ...rest] = given.words.filter((word) => !word.startsWith('-'));
  if (command === undefined) return given.commands;
  if (onTypes.includes(command) && rest.length === 0) return kinds.flatMap((kind) => [kind.plural, ...kind.shortNames]);
  const type = onTypes.includes(command) ? rest[0] : given.machineCommands.includes(command) && rest.length === 0 ? 'vm' : undefined;
  if (type === undefined || !existsSync(given.socket)) return [];
  const list = (await requestJson({ socket: given.socket, path: pathOf({ kind: kindByWord(type) }, given.namespace) })) as {
    readonly items: readonly KubeObject[];
  };
  return list.items.map((item) => item.metadata.name);
}
