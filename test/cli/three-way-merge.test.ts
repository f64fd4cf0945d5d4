// Owns the rows of client-side apply.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DraftObject, KubeObject } from '../../electron/api/object.ts';
import { applyPatch, lastAppliedAnnotation, withLastApplied } from '../../electron/cli/three-way-merge.ts';

const draft = (spec: object, annotations?: Record<string, string>): DraftObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', ...(annotations === undefined ? {} : { annotations }) },
  spec,
});
/** What the server holds after `applied` was applied and `changed` was done by others. */
const live = (applied: DraftObject, changed: object = {}): KubeObject =>
  ({ ...withLastApplied(applied), ...changed }) as unknown as KubeObject;
const withoutRecord = (patch: object | undefined): object | undefined => {
  if (patch === undefined) return undefined;
  const { metadata: _record, ...rest } = patch as { metadata?: object };
  return rest;
};

test.each([
  { name: 'nothing changed', before: { a: 1 }, now: { a: 1 }, others: {}, want: undefined },
  { name: 'a changed value', before: { a: 1 }, now: { a: 2 }, others: {}, want: { spec: { a: 2 } } },
  { name: 'a removed field', before: { a: 1, b: 2 }, now: { a: 1 }, others: {}, want: { spec: { b: null } } },
  { name: "somebody else's field stays", before: { a: 1 }, now: { a: 1 }, others: { spec: { a: 1, server: true } }, want: undefined },
  { name: 'drift is undone', before: { a: 1 }, now: { a: 1 }, others: { spec: { a: 9 } }, want: { spec: { a: 1 } } },
  { name: 'a list is replaced whole', before: { l: [1, 2] }, now: { l: [1, 3] }, others: {}, want: { spec: { l: [1, 3] } } },
  {
    name: 'a deep change touches no sibling',
    before: { d: { x: 1, y: 1 } },
    now: { d: { x: 2, y: 1 } },
    others: {},
    want: { spec: { d: { x: 2 } } },
  },
])('$name', ({ before, now, others, want }) => {
  expect(withoutRecord(applyPatch(draft(now), live(draft(before), others)))).toEqual(want);
});

test('an object that was not applied before gets the record', () => {
  const patch = applyPatch(draft({ a: 1 }), draft({ a: 1 }) as unknown as KubeObject);
  expect(patch).toMatchObject({ metadata: { annotations: { [lastAppliedAnnotation]: expect.stringContaining('"a":1') } } });
});

test('applying what was applied is always no change', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
      const applied = draft(JSON.parse(JSON.stringify(spec)) as object);
      expect(applyPatch(applied, live(applied))).toBeUndefined();
    }),
  );
});
