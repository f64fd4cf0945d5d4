// Owns Kubernetes' Table: what kubectl prints.
// Must not know any kind; columns come with it.
import type { Column, Kind } from '../api/kinds/kind.ts';
import type { KubeObject, ObjectMeta } from '../api/object.ts';
import { humanAge } from './human-age.ts';

/** What a row carries of its object beside the cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface TableOptions {
  readonly kind: Kind;
  readonly include: IncludeObject;
  /** For ages. */
  readonly now: number;
  /** kubectl keeps the columns of the first event of a watch. */
  readonly withColumns: boolean;
}

export function table(objects: readonly KubeObject[], options: TableOptions, metadata: object = {}): object {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: options.withColumns ? options.kind.columns.map(definition) : null,
    rows: objects.map((object) => row(object, options)),
  };
}

function definition({ name, type, description, priority }: Column): object {
  return { name, type, format: name === 'Name' ? 'name' : '', description, priority };
}

function row(object: KubeObject, { kind, include, now }: TableOptions): object {
  return { cells: kind.columns.map((column) => cell(column, object, now)), object: carried(object, include) };
}

function cell(column: Column, object: KubeObject, now: number): string | number | boolean | null {
  const value = column.value(object);
  if (value === undefined) return null;
  if (column.type !== 'date') return value;
  const at = Date.parse(String(value));
  return Number.isNaN(at) ? '<unknown>' : humanAge(now - at);
}

function carried(object: KubeObject, include: IncludeObject): object | null {
  switch (include) {
    case 'None':
      return null;
    case 'Metadata':
      return metadataOnly(object);
    case 'Object':
      return object;
  }
}

export function metadataOnly({ metadata }: { readonly metadata: ObjectMeta }): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
