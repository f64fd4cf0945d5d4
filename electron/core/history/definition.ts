// Owns what of an object is its definition: what a client may write, without what the core fills in.
// Must not default or validate.
import { coreAnnotations } from '../../api/annotations.ts';
import type { DraftObject, JsonObject, KubeObject } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';

export function definitionOf(object: KubeObject): DraftObject {
  const { apiVersion, kind, status: _status, metadata, ...body } = object;
  const { name, namespace, labels, annotations = {} } = metadata;
  const theirs = Object.fromEntries(Object.entries(annotations).filter(([key]) => !coreAnnotations.includes(key)));
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(Object.keys(theirs).length === 0 ? {} : { annotations: theirs }),
    },
    ...body,
  };
}

/** As it may be kept beside the object: a Secret that was deleted or changed must not live on in its history. */
export function keptDefinition(resource: string, definition: DraftObject): DraftObject {
  if (resource !== resources.secrets) return definition;
  const {
    data: _data,
    stringData: _stringData,
    ...rest
  } = definition as DraftObject & { readonly data?: JsonObject; readonly stringData?: JsonObject };
  return rest;
}
