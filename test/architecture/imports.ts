// Owns reading the tree: source files, their imports, the room each belongs to.
// Must not judge.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { rooms, type Room } from './rooms.ts';

export const root = new URL('../..', import.meta.url).pathname;

export interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
  /** `file`: target is a path from the root; `package`: an npm name; `node`: a built-in. */
  readonly type: 'file' | 'package' | 'node';
}

/** Files git tracks, and new ones it does not ignore, that are there. */
export function projectFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: root,
    encoding: 'utf8',
  });
  const deleted = new Set(execFileSync('git', ['ls-files', '--deleted'], { cwd: root, encoding: 'utf8' }).split('\n'));
  return listed.split('\n').filter((file) => file !== '' && !deleted.has(file));
}

export function sourceFiles(files: readonly string[]): readonly string[] {
  return files.filter((file) => /^(electron|renderer|native|test|resources)\/.*\.(ts|tsx|cts|mjs|c)$/.test(file));
}

const statement =
  /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^\s*\}\s*from\s*['"]([^'"]+)['"]/gm;

export function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const found: Import[] = [];
  for (const match of text.matchAll(statement)) {
    const specifier = match[2] ?? match[3] ?? match[4];
    if (specifier === undefined) continue;
    const clause = match[0];
    const typeOnly = match[1] !== undefined || everyNameIsType(clause);
    found.push({ file, typeOnly, ...targetOf(file, specifier) });
  }
  return found;
}

/** `import { type A, type B } from` brings no code either. */
function everyNameIsType(clause: string): boolean {
  const names = /\{([^}]*)\}/.exec(clause)?.[1];
  if (names === undefined || /^\s*(?:import|export)\s+\w+\s*,/.test(clause)) return false;
  const list = names.split(',').map((name) => name.trim());
  return list.filter((name) => name !== '').every((name) => name.startsWith('type '));
}

function targetOf(file: string, specifier: string): Pick<Import, 'target' | 'type'> {
  if (specifier.startsWith('.')) return { type: 'file', target: normalize(join(dirname(file), specifier.replace(/\?.*$/, ''))) };
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return { type: 'node', target: specifier };
  const [first = '', second = ''] = specifier.split('/');
  return { type: 'package', target: first.startsWith('@') ? `${first}/${second}` : first };
}

/** The room a file belongs to: the longest path that it is or lies under. */
export function roomOf(file: string): Room | undefined {
  return rooms
    .filter((room) => file === room.path || file.startsWith(`${room.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
}
