// Owns where a cursor stands in a YAML text: the path of its parents, read from indentation.
// Must work while the line is unfinished, so it does not parse; flow style (`{a: b}`) and lists directly in lists are beyond it.
import type { Segment } from './field-path.ts';

export interface CursorPath {
  /** Parents of the key that is being written, or the key's own path when the cursor stands at its value. */
  readonly path: readonly Segment[];
  readonly at: 'key' | 'value';
  /** Column where the word under the cursor begins. */
  readonly wordColumn: number;
  /** Column of the key, for the indentation of what is inserted. */
  readonly keyColumn: number;
  /** Keys beside the one being written. */
  readonly siblings: readonly string[];
  /** Which document of the stream. */
  readonly document: number;
}

interface Line {
  readonly row: number;
  /** Columns of `- `. */
  readonly dashes: readonly number[];
  readonly keyColumn: number;
  readonly key?: string;
  /** Column where the value begins or would begin. */
  readonly valueColumn?: number;
  readonly value: string;
}

/** Undefined inside comments and block texts. `row` and `column` count from 0. */
export function cursorPath(text: string, row: number, column: number): CursorPath | undefined {
  const source = text.split('\n');
  const before = (source[row] ?? '').slice(0, column);
  if (/(^|\s)#/.test(before)) return undefined;
  const start = source.slice(0, row + 1).findLastIndex((line) => /^---(\s|$)/.test(line)) + 1;
  const lines = source.map((line, index) => (index < start ? undefined : lineOf(line, index)));
  const own = lineOf(before, row) ?? { row, dashes: [], keyColumn: column, value: '' };
  const parents = climb(lines, own);
  if (parents === undefined) return undefined;
  const document = source.slice(0, start).filter((line, index) => /^---(\s|$)/.test(line) && index > 0).length;
  const base = { keyColumn: own.keyColumn, document };
  if (own.key !== undefined && own.valueColumn !== undefined && column >= own.valueColumn) {
    return { ...base, path: [...parents, own.key], at: 'value', wordColumn: own.valueColumn, siblings: [] };
  }
  return { ...base, path: parents, at: 'key', wordColumn: own.keyColumn, siblings: siblingsOf(lines, own) };
}

/** Undefined for blank lines and comments. */
function lineOf(text: string, row: number): Line | undefined {
  let column = text.length - text.trimStart().length;
  const dashes: number[] = [];
  while (text[column] === '-' && (column + 1 === text.length || text[column + 1] === ' ')) {
    dashes.push(column);
    column += 1;
    while (text[column] === ' ') column += 1;
  }
  const rest = text.slice(column);
  if ((rest === '' && dashes.length === 0) || rest.startsWith('#')) return undefined;
  const match = /^("[^"]*"|'[^']*'|[^\s:#'"{}[\],&*!|>%@`][^:#]*?)\s*:(\s+|$)/.exec(rest);
  if (match === null) return { row, dashes, keyColumn: column, value: rest };
  const key = match[1]!.replace(/^(["'])(.*)\1$/, '$2');
  const valueColumn = column + match[0].length;
  return { row, dashes, keyColumn: column, key, valueColumn, value: text.slice(valueColumn).trim() };
}

/** From a line up to the root. Undefined when the line is part of a block text. */
function climb(lines: readonly (Line | undefined)[], own: Line): readonly Segment[] | undefined {
  const path: Segment[] = [];
  let { row, keyColumn: column } = own;
  let dashes = own.dashes;
  for (;;) {
    const dash = dashes.at(-1);
    if (dash !== undefined) {
      path.unshift(indexOf(lines, row, dash));
      dashes = dashes.slice(0, -1);
      column = dash;
      if (dashes.length > 0) continue;
    }
    const parent = parentOf(lines, row, { column, ofList: dash !== undefined });
    if (parent === undefined) return path;
    if (/^[|>]/.test(parent.value)) return undefined;
    // A sibling that opens the list item: its dash is ours too.
    if (parent.keyColumn === column && dash === undefined) {
      ({ row, dashes } = parent);
      continue;
    }
    path.unshift(parent.key ?? '');
    ({ row, keyColumn: column, dashes } = parent);
    if (dashes.length === 0 && column === 0) return path;
  }
}

/** The nearest line above that is less indented; for a list, a key at the dash's own column is its parent too. */
function parentOf(
  lines: readonly (Line | undefined)[],
  row: number,
  { column, ofList }: { readonly column: number; readonly ofList: boolean },
): Line | undefined {
  for (let index = row - 1; index >= 0; index -= 1) {
    const line = lines[index];
    if (line?.key === undefined) continue;
    const [firstDash] = line.dashes;
    if (line.keyColumn < column) return line;
    if (line.keyColumn === column && (ofList ? firstDash === undefined : firstDash !== undefined)) return line;
  }
  return undefined;
}

/** How many items of the same list stand above. */
function indexOf(lines: readonly (Line | undefined)[], row: number, dash: number): number {
  let count = 0;
  for (let index = row - 1; index >= 0; index -= 1) {
    const line = lines[index];
    if (line === undefined) continue;
    if (line.dashes.includes(dash)) count += 1;
    else if (Math.min(line.keyColumn, ...line.dashes) <= dash) break;
    if ((line.dashes[0] ?? dash) < dash) break;
  }
  return count;
}

function siblingsOf(lines: readonly (Line | undefined)[], own: Line): readonly string[] {
  const keys: string[] = [];
  const walk = (step: -1 | 1): void => {
    for (let index = own.row + step; index >= 0 && index < lines.length; index += step) {
      const line = lines[index];
      if (line === undefined) continue;
      if (line.keyColumn < own.keyColumn || (step === 1 && line.dashes.length > 0 && line.keyColumn === own.keyColumn)) return;
      if (line.keyColumn === own.keyColumn && line.key !== undefined) keys.push(line.key);
      if (line.keyColumn === own.keyColumn && line.dashes.length > 0) return;
    }
  };
  if (own.dashes.length === 0) walk(-1);
  walk(1);
  return keys;
}
