// Owns finding fields that a JSON text names twice.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duplicateFields } from '../../electron/server/json-duplicates.ts';

const rows: readonly (readonly [text: string, fields: readonly string[]])[] = [
  ['{}', []],
  ['[]', []],
  ['"a"', []],
  ['{"a":1,"b":2}', []],
  ['{"a":1,"a":2}', ['a']],
  ['{"a":1,"a":2,"a":3}', ['a']],
  ['{ "spec" : { "running" : true , "running" : false } }', ['spec.running']],
  ['{"a":{"x":1},"b":{"x":1}}', []],
  ['{"a":[{"x":1},{"x":1,"x":2}]}', ['a[1].x']],
  ['{"a":[[1,2],{"b":{"c":1,"c":1}}]}', ['a[1].b.c']],
  ['{"a":"{\\"a\\":1,\\"a\\":2}"}', []],
  ['{"a":"\\\\","b":"\\"","a":1}', ['a']],
  ['{"\\u0061":1,"a":2}', ['a']],
  ['[{"a":1},{"a":1}]', []],
  ['{"a":"a","b":["a","a"]}', []],
];

test.each(rows)('%s → %j', (text, fields) => {
  expect(duplicateFields(text)).toEqual(fields);
});

test('what JSON.stringify writes has none', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
      expect(duplicateFields(JSON.stringify(value, undefined, indent))).toEqual([]);
    }),
  );
});
