// Owns writing objects in the representation a client asked for, each at most once.
// Must not choose objects.
import { apiVersionOf, type Kind } from '../api/kinds/kind.ts';
import type { KubeObject, ManagedFieldsEntry } from '../api/object.ts';
import { accepted, type Representation } from './accept.ts';
import { json, jsonText } from './answer.ts';
import type { Exchange, Parts } from './exchange.ts';
import { choice } from './query.ts';
import { type IncludeObject, metadataOnly, table } from './table.ts';

/** As the version that was asked for has it. The fields are the same. */
function inVersion(kind: Kind, object: KubeObject): KubeObject {
  return kind.stored === undefined ? object : { ...object, apiVersion: apiVersionOf(kind) };
}

/** Which shape a client wants. Two clients with an equal `key` get the same bytes. */
export interface Shape {
  readonly as: Representation;
  readonly include: IncludeObject;
  readonly key: string;
}

export function shapeOf({ request, query }: Pick<Exchange, 'request' | 'query'>): Shape {
  const as = accepted(request.headers.get('accept'));
  const include = choice(query, 'includeObject', ['None', 'Metadata', 'Object']) ?? 'Metadata';
  return { as, include, key: as === 'table' ? `table ${include}` : as };
}

/** Objects as JSON. Frozen ones are written once, however many clients read them. */
export type TextOf = (object: KubeObject) => string;

export function createTexts(): TextOf {
  // Stored objects are frozen and live as long as they are current: so does their text.
  const texts = new WeakMap<KubeObject, string>();
  return (object) => {
    const known = texts.get(object);
    if (known !== undefined) return known;
    const text = JSON.stringify(object);
    if (Object.isFrozen(object)) texts.set(object, text);
    return text;
  };
}

export interface Shaping {
  readonly textOf: TextOf;
  readonly kind: Kind;
  readonly shape: Shape;
  readonly now: number;
  /** Table only: false after the first event of a watch. */
  readonly withColumns: boolean;
}

/** One object as JSON text, for an answer or for an event of a watch. */
export function shapedText(stored: KubeObject, { textOf, kind, shape, now, withColumns }: Shaping): string {
  const object = inVersion(kind, stored);
  switch (shape.as) {
    case 'object':
      return textOf(object);
    case 'metadata':
      return JSON.stringify(metadataOnly(object));
    case 'table': {
      const { resourceVersion } = object.metadata;
      return JSON.stringify(table([object], { kind, include: shape.include, now, withColumns }, { resourceVersion }));
    }
  }
}

export interface ObjectAnswer {
  readonly object: KubeObject;
  readonly shape: Shape;
  readonly status: number;
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

type Encoding = Pick<Parts, 'clock' | 'textOf'>;

export function objectAnswer({ clock, textOf }: Encoding, kind: Kind, answer: ObjectAnswer): Response {
  const { object, shape, status, managedFields = [] } = answer;
  if (shape.as === 'object' && managedFields.length > 0)
    return json({ ...inVersion(kind, object), metadata: { ...object.metadata, managedFields } }, status);
  return jsonText(shapedText(object, { textOf, kind, shape, now: clock.now(), withColumns: true }), status);
}

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface ListAnswer {
  readonly items: readonly KubeObject[];
  readonly metadata: ListMeta;
  readonly shape: Shape;
}

export function listAnswer(encoding: Encoding, kind: Kind, answer: ListAnswer): Response {
  return jsonText(listText(encoding, kind, answer));
}

function listText({ clock, textOf }: Encoding, kind: Kind, { items: stored, metadata, shape }: ListAnswer): string {
  const items = kind.stored === undefined ? stored : stored.map((object) => inVersion(kind, object));
  switch (shape.as) {
    case 'object': {
      const head = JSON.stringify({ kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata });
      return `${head.slice(0, -1)},"items":[${items.map(textOf).join(',')}]}`;
    }
    case 'metadata':
      return JSON.stringify({
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: items.map(metadataOnly),
      });
    case 'table':
      return JSON.stringify(table(items, { kind, include: shape.include, now: clock.now(), withColumns: true }, metadata));
  }
}
