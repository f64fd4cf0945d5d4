// Owns the rows of how two definitions differ.
// Must not know any kind.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../../electron/api/object.ts';
import { changedFields } from '../../../electron/core/history/changed-fields.ts';

test.each([
  { name: 'nothing', before: { a: 1 }, after: { a: 1 }, want: [] },
  { name: 'a value', before: { a: { b: 1 } }, after: { a: { b: 2 } }, want: [{ field: 'a.b', before: 1, after: 2 }] },
  { name: 'a new field', before: {}, after: { a: 1 }, want: [{ field: 'a', after: 1 }] },
  {
    name: 'a new part, by what it holds',
    before: {},
    after: { a: { b: 1, c: {} } },
    want: [
      { field: 'a.b', after: 1 },
      { field: 'a.c', after: {} },
    ],
  },
  { name: 'a field that went', before: { a: 1 }, after: {}, want: [{ field: 'a', before: 1 }] },
  {
    name: 'an item',
    before: { a: [{ b: 1 }, { b: 2 }] },
    after: { a: [{ b: 1 }, { b: 3 }] },
    want: [{ field: 'a[1].b', before: 2, after: 3 }],
  },
  { name: 'a longer list, as a whole', before: { a: [1] }, after: { a: [1, 2] }, want: [{ field: 'a', before: [1], after: [1, 2] }] },
  { name: 'another type', before: { a: [1] }, after: { a: { b: 1 } }, want: [{ field: 'a', before: [1], after: { b: 1 } }] },
  { name: 'a label', before: { labels: { 'a.b/c': 'x' } }, after: { labels: {} }, want: [{ field: "labels['a.b/c']", before: 'x' }] },
])('$name', ({ before, after, want }) => {
  expect(changedFields(before, after)).toEqual(want);
});

test('empty exactly when both are the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [before, after] = [a, b].map((value) => JSON.parse(JSON.stringify({ value })) as Json);
      const same = changedFields(before, after).length === 0;
      const back = changedFields(after, before).length === 0;
      return same === back && changedFields(before, before).length === 0;
    }),
  );
});
