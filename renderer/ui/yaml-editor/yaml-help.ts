// Owns what the editor offers and explains at a cursor: keys, values, and the words of the schema.
// Must not know CodeMirror.
import { cursorPath } from './cursor-path.ts';
import { documentValues, isMapping } from './document-values.ts';
import { type JsonSchema, resolved, schemaAt, type SchemaBook, typeOf } from './schema-book.ts';

export interface Offer {
  readonly label: string;
  /** What is written instead of the word. */
  readonly insert: string;
  readonly type: string;
  readonly description?: string;
  readonly required: boolean;
}

export interface Help {
  readonly offers: readonly Offer[];
  /** Column where the replaced word begins. */
  readonly wordColumn: number;
}

export interface Place {
  /** Both count from 0. */
  readonly row: number;
  readonly column: number;
}

export function offersAt(text: string, { row, column }: Place, book: SchemaBook): Help | undefined {
  const cursor = cursorPath(text, row, column);
  if (cursor === undefined) return undefined;
  const root = rootSchema(text, cursor.document, book);
  if (cursor.at === 'value') {
    const offers = valueOffers(cursor.path, root, book);
    return offers.length === 0 ? undefined : { offers, wordColumn: cursor.wordColumn };
  }
  const schema = schemaAt(root, cursor.path, book);
  if (schema?.properties === undefined) return undefined;
  const required = new Set(schema.required);
  const offers = Object.entries(schema.properties)
    .filter(([name]) => !cursor.siblings.includes(name) && !(cursor.path.length === 0 && name === 'status'))
    .map(([name, raw]) => keyOffer(name, resolved(raw, book), { required: required.has(name), keyColumn: cursor.keyColumn }))
    .toSorted((a, b) => Number(b.required) - Number(a.required) || a.label.localeCompare(b.label, 'en'));
  return { offers, wordColumn: cursor.wordColumn };
}

/** The words of the schema for the key at a place, with its path. */
export function explanationAt(
  text: string,
  { row, column }: Place,
  book: SchemaBook,
): { readonly path: string; readonly type: string; readonly description: string } | undefined {
  const line = text.split('\n')[row] ?? '';
  const colon = line.indexOf(':');
  if (colon === -1 || column > colon) return undefined;
  // At the colon the key is complete, and the cursor counts as standing at its value.
  const cursor = cursorPath(text, row, colon + 1 < line.length ? colon + 2 : line.length);
  if (cursor?.at !== 'value') return undefined;
  const schema = schemaAt(rootSchema(text, cursor.document, book), cursor.path, book);
  if (schema?.description === undefined) return undefined;
  const path = cursor.path.map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${segment}`)).join('');
  return { path: path.replace(/^\./, ''), type: typeOf(schema), description: inShort(schema.description) };
}

const unknownKind: JsonSchema = { type: 'object', properties: { apiVersion: { type: 'string' }, kind: { type: 'string' } } };

function rootSchema(text: string, document: number, book: SchemaBook): JsonSchema {
  const value = documentValues(text)[document];
  const { apiVersion, kind } = isMapping(value) ? value : {};
  return (typeof apiVersion === 'string' && typeof kind === 'string' ? book.kind(apiVersion, kind) : undefined) ?? unknownKind;
}

function keyOffer(label: string, schema: JsonSchema, { required, keyColumn }: { required: boolean; keyColumn: number }): Offer {
  const type = typeOf(schema);
  const indent = ' '.repeat(keyColumn + 2);
  const tails: Readonly<Record<string, string>> = { object: `:\n${indent}`, array: `:\n${indent}- ` };
  return {
    label,
    insert: `${label}${tails[type] ?? ': '}`,
    type,
    required,
    ...(schema.description === undefined ? {} : { description: inShort(schema.description) }),
  };
}

const shortLength = 400;

/** Whole paragraphs, as many as are read in a glance. Upstream puts the grammar of quantities behind every size. */
function inShort(description: string): string {
  const [first = '', ...more] = description.split(/\n\s*\n/);
  let text = first;
  for (const paragraph of more) {
    if (text.length + paragraph.length > shortLength || /^Quantity is|^The serialization format/.test(paragraph)) break;
    text += `\n\n${paragraph}`;
  }
  return text.trim();
}

function valueOffers(path: readonly (string | number)[], root: JsonSchema, book: SchemaBook): readonly Offer[] {
  const [only, ...deeper] = path;
  if (deeper.length === 0 && (only === 'apiVersion' || only === 'kind')) {
    return [...new Set(book.kinds.map((row) => row[only]))].toSorted().map((value) => valueOffer(value, only));
  }
  const schema = schemaAt(root, path, book);
  if (schema === undefined) return [];
  if (schema.enum !== undefined) return schema.enum.map((value) => valueOffer(String(value), 'enum'));
  return typeOf(schema) === 'boolean' ? ['true', 'false'].map((value) => valueOffer(value, 'boolean')) : [];
}

function valueOffer(label: string, type: string): Offer {
  return { label, insert: label, type, required: false };
}
