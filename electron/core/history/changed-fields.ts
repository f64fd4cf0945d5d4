// Owns which fields of two definitions differ, as deep as they can be told apart.
// Must not judge a difference.
import type { Json, JsonObject } from '../../api/object.ts';
import type { FieldChange } from '../../api/revision.ts';
import { sameJson } from '../status/same-json.ts';

/** Paths as causes write them: `spec.template.spec.domain.devices.disks[0].bootOrder`. Lists of other lengths differ as a whole. */
export function changedFields(before: Json | undefined, after: Json | undefined, field = ''): readonly FieldChange[] {
  if (sameJson(before, after)) return [];
  // What is new, or went, is told by what it holds.
  const left = before === undefined && isRecord(after) ? {} : before;
  const right = after === undefined && isRecord(before) ? {} : after;
  if (isRecord(left) && isRecord(right)) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    if (names.length > 0) return names.flatMap((name) => changedFields(left[name], right[name], pathTo(field, name)));
  }
  if (isList(before) && isList(after) && before.length === after.length) {
    return before.flatMap((item, index) => changedFields(item, after[index], `${field}[${index}]`));
  }
  return [{ field, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** Names of labels and annotations hold dots and slashes. */
function pathTo(field: string, name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) return `${field}['${name}']`;
  return field === '' ? name : `${field}.${name}`;
}

function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
