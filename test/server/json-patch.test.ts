// Owns JSON patch on the rows of RFC 6902, appendix A, and beyond.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonPatchOperation } from '../../electron/api/json-patch.ts';
import type { Json } from '../../electron/api/object.ts';
import { jsonPatch, sameJson } from '../../electron/server/json-patch.ts';

type Row = readonly [name: string, document: Json, operations: readonly JsonPatchOperation[], result: Json | string];

/** A string result is the message of the cause. */
const rows: readonly Row[] = [
  // RFC 6902, appendix A, in its order.
  ['A.1 add a member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
  ['A.2 add an element', { foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
  ['A.3 remove a member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
  ['A.4 remove an element', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
  ['A.5 replace a value', { baz: 'qux', foo: 'bar' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo', foo: 'bar' }],
  [
    'A.6 move a value',
    { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  ],
  [
    'A.7 move an element',
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  [
    'A.8 test, and it holds',
    { baz: 'qux', foo: ['a', 2, 'c'] },
    [
      { op: 'test', path: '/baz', value: 'qux' },
      { op: 'test', path: '/foo/1', value: 2 },
    ],
    { baz: 'qux', foo: ['a', 2, 'c'] },
  ],
  [
    'A.9 test, and it does not',
    { baz: 'qux' },
    [{ op: 'test', path: '/baz', value: 'bar' }],
    'operation 0 (test "/baz"): the value there is "qux", not "bar"',
  ],
  [
    'A.10 add a nested object',
    { foo: 'bar' },
    [{ op: 'add', path: '/child', value: { grandchild: {} } }],
    { foo: 'bar', child: { grandchild: {} } },
  ],
  [
    'A.12 add to what is not there',
    { foo: 'bar' },
    [{ op: 'add', path: '/baz/bat', value: 'qux' }],
    'operation 0 (add "/baz/bat"): "baz" does not exist',
  ],
  ['A.14 ~ escapes', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
  [
    'A.15 text is no number',
    { '/': 9, '~1': 10 },
    [{ op: 'test', path: '/~01', value: '10' }],
    'operation 0 (test "/~01"): the value there is 10, not "10"',
  ],
  [
    'A.16 add an array at the end',
    { foo: ['bar'] },
    [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
    { foo: ['bar', ['abc', 'def']] },
  ],
  // And beyond.
  ['the whole document', { a: 1 }, [{ op: 'replace', path: '', value: [1] }], [1]],
  ['the whole document cannot go', { a: 1 }, [{ op: 'remove', path: '' }], 'operation 0 (remove ""): the whole document cannot be removed'],
  ['add replaces a member', { a: 1 }, [{ op: 'add', path: '/a', value: null }], { a: null }],
  [
    'copy is deep enough',
    { a: { b: [1] } },
    [
      { op: 'copy', from: '/a', path: '/c' },
      { op: 'add', path: '/c/b/0', value: 0 },
    ],
    { a: { b: [1] }, c: { b: [0, 1] } },
  ],
  ['move onto itself', { a: 1 }, [{ op: 'move', from: '/a', path: '/a' }], { a: 1 }],
  [
    'move into itself',
    { a: { b: 1 } },
    [{ op: 'move', from: '/a', path: '/a/b' }],
    'operation 0 (move "/a/b"): a value cannot be moved into itself',
  ],
  ['move from nowhere', {}, [{ op: 'move', from: '/a', path: '/b' }], 'operation 0 (move "/b"): nothing is at "/a"'],
  ['copy without from', { a: 1 }, [{ op: 'copy', path: '/b' }], 'operation 0 (copy "/b"): from is not a JSON pointer'],
  ['remove what is not there', { a: 1 }, [{ op: 'remove', path: '/b' }], 'operation 0 (remove "/b"): "b" does not exist'],
  ['replace what is not there', { a: 1 }, [{ op: 'replace', path: '/b', value: 2 }], 'operation 0 (replace "/b"): the path does not exist'],
  [
    'an index past the end',
    { a: [1] },
    [{ op: 'add', path: '/a/2', value: 2 }],
    'operation 0 (add "/a/2"): "2" is not an index of an array of 1',
  ],
  [
    'an index with a zero before it',
    { a: [1, 2] },
    [{ op: 'remove', path: '/a/01' }],
    'operation 0 (remove "/a/01"): "01" is not an index of an array of 2',
  ],
  [
    '- is no element to remove',
    { a: [1] },
    [{ op: 'remove', path: '/a/-' }],
    'operation 0 (remove "/a/-"): "-" is not an index of an array of 1',
  ],
  [
    'into a number',
    { a: 1 },
    [{ op: 'add', path: '/a/b', value: 1 }],
    'operation 0 (add "/a/b"): "b" is looked for in a value that is neither object nor array',
  ],
  ['no pointer', { a: 1 }, [{ op: 'remove', path: 'a' }], 'operation 0 (remove "a"): the path is not a JSON pointer'],
  ['a bad escape', { a: 1 }, [{ op: 'remove', path: '/~2' }], 'operation 0 (remove "/~2"): the path is not a JSON pointer'],
  ['no value', { a: 1 }, [{ op: 'add', path: '/b' }], 'operation 0 (add "/b"): the operation has no value'],
  ['objects are equal in any order', { a: { x: 1, y: 2 } }, [{ op: 'test', path: '/a', value: { y: 2, x: 1 } }], { a: { x: 1, y: 2 } }],
  [
    'an inherited name is not there',
    {},
    [{ op: 'test', path: '/toString', value: 1 }],
    'operation 0 (test "/toString"): the path does not exist',
  ],
  ['__proto__ is a name', {}, [{ op: 'add', path: '/__proto__', value: { x: 1 } }], JSON.parse('{"__proto__":{"x":1}}') as Json],
  [
    'all or nothing, and the place of the failure',
    { spec: { disks: [{ name: 'a' }] } },
    [
      { op: 'replace', path: '/spec/disks/0/name', value: 'b' },
      { op: 'remove', path: '/spec/disks/1' },
    ],
    'operation 1 (remove "/spec/disks/1"): "1" is not an index of an array of 1',
  ],
];

describe('JSON patch', () => {
  test.each(rows)('%s', (...[, document, operations, result]) => {
    const before = JSON.stringify(document);
    const outcome = jsonPatch(document, operations);
    if (outcome.ok) expect(outcome.value).toEqual(result);
    else expect(outcome.causes.map(({ message }) => message)).toEqual([result]);
    expect(JSON.stringify(document)).toBe(before);
  });

  test('names the field of the failure', () => {
    const outcome = jsonPatch({}, [{ op: 'remove', path: '/metadata/labels/app.kubernetes.io~1name' }]);
    expect(outcome).toEqual({ ok: false, causes: [expect.objectContaining({ field: 'metadata.labels[app.kubernetes.io/name]' })] });
  });
});

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

test('what is added is there, and removing it gives the document back', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), fc.string(), json, (document, name, value) => {
      const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const added = jsonPatch(document, [
        { op: 'add', path, value },
        { op: 'test', path, value },
        { op: 'remove', path },
      ]);
      const { [name]: _, ...rest } = document;
      expect(added).toEqual({ ok: true, value: rest });
    }),
  );
});

test('operations made at random are applied or refused, never thrown', () => {
  const pointer = fc
    .array(fc.oneof(fc.constantFrom('a', 'b', '0', '1', '-', ''), fc.string()))
    .map((tokens) => tokens.map((token) => `/${token}`).join(''));
  const operation = fc.record(
    { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'), path: pointer, from: pointer, value: json },
    { requiredKeys: ['op', 'path'] },
  ) as fc.Arbitrary<JsonPatchOperation>;
  fc.assert(
    fc.property(json, fc.array(operation, { maxLength: 6 }), (document, operations) => {
      expect(typeof jsonPatch(document, operations).ok).toBe('boolean');
    }),
  );
});

test('sameJson is an equivalence that JSON agrees with', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(sameJson(value, JSON.parse(JSON.stringify(value)) as Json)).toBe(true);
    }),
  );
});
