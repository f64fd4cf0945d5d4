// Owns how answers are written: tables as kubectl aligns them, YAML, JSON, names, JSONPath.
// Must not send anything.
import { annotations } from '../api/annotations.ts';
import type { KubeObject } from '../api/object.ts';
import { fillJsonPath } from './json-path.ts';
import type { Kind } from '../api/kinds/kind.ts';
import { kindNamed } from '../api/kinds/registry.ts';
import { printedName, UsageError } from './resource-names.ts';

export type Output =
  | { readonly type: 'table'; readonly wide: boolean }
  | { readonly type: 'yaml' | 'json' | 'name' }
  | { readonly type: 'jsonpath'; readonly template: string };

export type ObjectOutput = Exclude<Output, { type: 'table' }>;

export function parseOutput(text: string | undefined): Output {
  if (text === undefined || text === 'wide') return { type: 'table', wide: text === 'wide' };
  if (text === 'yaml' || text === 'json' || text === 'name') return { type: text };
  const [kind, ...rest] = text.split('=');
  if (kind === 'jsonpath' && rest.length > 0) return { type: 'jsonpath', template: rest.join('=') };
  throw new UsageError(
    `unable to match a printer suitable for the output format "${text}", allowed formats are: json,jsonpath=…,name,wide,yaml`,
  );
}

/** Kubernetes' Table answer. */
export interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly {
    readonly cells: readonly unknown[];
    readonly object?: { readonly metadata?: { readonly namespace?: string; readonly annotations?: Readonly<Record<string, string>> } };
  }[];
}

export function tableLines(
  table: Table,
  options: { readonly wide: boolean; readonly namespace: boolean; readonly header: boolean },
): string[] {
  const shown = table.columnDefinitions
    .map((_column, index) => index)
    .filter((index) => options.wide || table.columnDefinitions[index]?.priority === 0);
  const header = shown.map((index) => (table.columnDefinitions[index]?.name ?? '').toUpperCase());
  const rows = table.rows.map((row) => [
    ...(options.namespace ? [row.object?.metadata?.namespace ?? ''] : []),
    ...shown.map((index) => cellText(row.cells[index])),
  ]);
  const head = options.header ? [[...(options.namespace ? ['NAMESPACE'] : []), ...header]] : [];
  return aligned([...head, ...rows]);
}

/** A command that somebody else wrote, to be agreed to: every word as it will be run, with nothing that a terminal would hide. */
export function readableWords(words: readonly string[]): string {
  return words.map((word) => (/^[A-Za-z0-9_./:=@,+-]+$/.test(word) ? word : JSON.stringify(word).replaceAll(/[^ -~]/g, escaped))).join(' ');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** With `virtualmachine.kubevirt.io/web` where the name stands, as kubectl writes several types. */
export function withTypes(table: Table, kind: Kind): Table {
  const at = table.columnDefinitions.findIndex(({ name }) => name === 'Name');
  const rows = table.rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, index) => (index === at ? printedName(kind, cellText(cell)) : cell)),
  }));
  return { ...table, rows };
}

/** A machine whose turn in the start order is known says how long it waits. KubeVirt's columns have no place for it. */
export function withCountdown(table: Table, now: number): Table {
  const at = table.columnDefinitions.findIndex(({ name }) => name === 'Status');
  const rows = table.rows.map((row) => {
    const left = Date.parse(row.object?.metadata?.annotations?.[annotations.startsAt] ?? '') - now;
    if (!(left > 0)) return row;
    return { ...row, cells: row.cells.map((cell, index) => (index === at ? `${cellText(cell)} in ${Math.ceil(left / 1000)}s` : cell)) };
  });
  return { ...table, rows };
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

/** Columns three blanks apart, nothing behind the last. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd((widths[index] ?? 0) + 3))).join(''));
}

/** As kubectl writes it: sorted, lists not indented, and quoted where YAML 1.1 would read something else ("yes", a date). */
export async function yamlText(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { lineWidth: 0, indentSeq: false, sortMapEntries: true, version: '1.1', aliasDuplicateObjects: false });
}

/** One object, or a List, in a format that is not a table. */
export async function objectText(output: ObjectOutput, value: unknown): Promise<string> {
  switch (output.type) {
    case 'yaml':
      return yamlText(value);
    case 'json':
      return `${JSON.stringify(value, null, 4)}\n`;
    case 'jsonpath':
      return fillJsonPath(output.template, value);
    case 'name':
      return itemsOf(value)
        .map((item) => `${nameOf(item)}\n`)
        .join('');
  }
}

function itemsOf(value: unknown): readonly KubeObject[] {
  const list = (value as { readonly items?: readonly KubeObject[] }).items;
  return list ?? [value as KubeObject];
}

export function nameOf(object: KubeObject): string {
  const kind = kindNamed(object.apiVersion, object.kind);
  return kind === undefined ? `${object.kind.toLowerCase()}/${object.metadata.name}` : printedName(kind, object.metadata.name);
}
