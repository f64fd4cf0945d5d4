// Owns the rows of where a cursor stands and what the editor offers there. `‸` marks the cursor.
// Must not need a browser.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cursorPath } from '../../../renderer/ui/yaml-editor/cursor-path.ts';
import { schemaBook } from '../../../renderer/ui/yaml-editor/schema-book.ts';
import { indentAfterKey } from '../../../renderer/ui/yaml-editor/yaml-indent.ts';
import { explanationAt, offersAt } from '../../../renderer/ui/yaml-editor/yaml-help.ts';

function at(marked: string): { readonly text: string; readonly row: number; readonly column: number } {
  const above = marked.slice(0, marked.indexOf('‸')).split('\n');
  return { text: marked.replace('‸', ''), row: above.length - 1, column: above.at(-1)!.length };
}

function lines(...rows: readonly string[]): string {
  return rows.join('\n');
}

describe('cursorPath', () => {
  test.each<{ name: string; text: string; want: string | undefined }>([
    { name: 'an empty text', text: '‸', want: 'key /' },
    { name: 'a key at the root', text: lines('kind: A', 'sp‸'), want: 'key / beside kind' },
    { name: 'a value', text: lines('kind: A‸'), want: 'value /kind' },
    { name: 'a blank line, indented', text: lines('spec:', '  template:', '    spec:', '      ‸'), want: 'key /spec/template/spec' },
    { name: 'a blank line, less indented', text: lines('spec:', '  template:', '    spec:', '  ‸'), want: 'key /spec beside template' },
    { name: 'after deeper siblings', text: lines('spec:', '  a:', '    b: 1', '  c‸', '  d: 1'), want: 'key /spec beside a,d' },
    { name: 'a list item', text: lines('disks:', '  - name: a', '    di‸'), want: 'key /disks/0 beside name' },
    { name: 'the first key of an item', text: lines('disks:', '  - name: a', '  - na‸', '    disk: 1'), want: 'key /disks/1 beside disk' },
    { name: 'a bare dash', text: lines('disks:', '  - ‸'), want: 'key /disks/0' },
    {
      name: 'a list at the column of its key',
      text: lines('spec:', '  disks:', '  - name: a', '  - name: b', '    x‸'),
      want: 'key /spec/disks/1 beside name',
    },
    { name: 'after such a list', text: lines('spec:', '  disks:', '  - name: a', '  vol‸'), want: 'key /spec beside disks' },
    { name: 'an item of the second of two lists', text: lines('a:', '  - x: 1', 'b:', '  - x: 1', '  - y‸'), want: 'key /b/1' },
    { name: 'a comment', text: lines('a:', '  # wh‸'), want: undefined },
    { name: 'inside a block text', text: lines('data:', '  userData: |', '    packages:', '      - a‸'), want: undefined },
    { name: 'beside a block text', text: lines('data:', '  userData: |', '    x: 1', '  ot‸'), want: 'key /data beside userData' },
    { name: 'the second document', text: lines('kind: A', '---', 'kind: B', 'x‸'), want: 'key / beside kind in 1' },
    { name: 'one document with a marker before it', text: lines('---', 'kind: A', 'x‸'), want: 'key / beside kind' },
    { name: 'a quoted key', text: lines('labels:', '  "a/b": ‸'), want: 'value /labels/a/b' },
  ])('$name', ({ text, want }) => {
    const { text: plain, row, column } = at(text);
    const got = cursorPath(plain, row, column);
    const spelt =
      got &&
      `${got.at} /${got.path.join('/')}${got.siblings.length > 0 ? ` beside ${got.siblings.join(',')}` : ''}${got.document > 0 ? ` in ${got.document}` : ''}`;
    expect(spelt).toBe(want);
  });

  test('no text and no place makes it fail', () => {
    const word = fc.constantFrom('a:', '- ', '  ', 'b: 1', '\n', '---\n', '|', '#', '"', '- - ', '\n  ', '\n    ', ':');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.nat(20), fc.nat(20), (words, row, column) => {
        const got = cursorPath(words.join(''), row, column);
        expect(got === undefined || got.path.length >= 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

const book = schemaBook({
  Machine: {
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      status: { type: 'object' },
      spec: { $ref: '#/components/schemas/Spec', description: 'What is wanted.' },
    },
    'x-kubernetes-group-version-kind': [{ group: 'kubevirt.io', version: 'v1', kind: 'Machine' }],
  },
  Spec: {
    type: 'object',
    description: 'A spec.',
    properties: {
      on: { type: 'boolean', description: 'Whether it runs.' },
      mode: {
        type: 'string',
        enum: ['fast', 'slow'],
        description: 'How.\n\nMore of it.\n\nQuantity is a fixed-point representation of a number.',
      },
      disks: { type: 'array', items: { allOf: [{ $ref: '#/components/schemas/Disk' }], default: {} } },
      labels: { type: 'object', additionalProperties: { type: 'string', description: 'One label.' } },
    },
  },
  Disk: { type: 'object', properties: { name: { type: 'string', description: 'Its name.' }, bus: { type: 'string' } }, required: ['name'] },
});
const head = lines('apiVersion: kubevirt.io/v1', 'kind: Machine', '');

describe('offersAt', () => {
  test.each<{ name: string; text: string; want: readonly string[] | undefined }>([
    { name: 'keys, the required ones first, none twice, no status', text: `${head}‸`, want: ['spec:\n  '] },
    { name: 'keys of a referred definition', text: `${head}spec:\n  ‸`, want: ['disks:\n    - ', 'labels:\n    ', 'mode: ', 'on: '] },
    { name: 'keys of a list item', text: `${head}spec:\n  disks:\n    - bus: x\n      ‸`, want: ['name: '] },
    { name: 'values of an enumeration', text: `${head}spec:\n  mode: ‸`, want: ['fast', 'slow'] },
    { name: 'truth values', text: `${head}spec:\n  on: t‸`, want: ['true', 'false'] },
    { name: 'kinds', text: 'kind: ‸', want: ['Machine'] },
    { name: 'versions', text: 'apiVersion: ‸', want: ['kubevirt.io/v1'] },
    { name: 'the first keys of an unknown kind', text: '‸', want: ['apiVersion: ', 'kind: '] },
    { name: 'nothing for free text', text: `${head}spec:\n  disks:\n    - name: ‸`, want: undefined },
    { name: 'nothing off the schema', text: `${head}spec:\n  other:\n    ‸`, want: undefined },
  ])('$name', ({ text, want }) => {
    const { text: plain, row, column } = at(text);
    expect(offersAt(plain, { row, column }, book)?.offers.map(({ insert }) => insert)).toEqual(want);
  });
});

describe('explanationAt', () => {
  test.each([
    { name: 'a key', text: `${head}spec:\n  o‸n: true`, want: { path: 'spec.on', type: 'boolean', description: 'Whether it runs.' } },
    {
      name: 'words beside a reference win',
      text: `${head}sp‸ec:\n  on: true`,
      want: { path: 'spec', type: 'object', description: 'What is wanted.' },
    },
    {
      name: 'a key of a list item',
      text: `${head}spec:\n  disks:\n  - na‸me: x`,
      want: { path: 'spec.disks[0].name', type: 'string', description: 'Its name.' },
    },
    {
      name: 'any label',
      text: `${head}spec:\n  labels:\n    a‸pp: x`,
      want: { path: 'spec.labels.app', type: 'string', description: 'One label.' },
    },
    {
      name: 'a long description, up to the boilerplate',
      text: `${head}spec:\n  mo‸de: fast`,
      want: { path: 'spec.mode', type: 'string', description: 'How.\n\nMore of it.' },
    },
    { name: 'nothing at the value', text: `${head}spec:\n  on: tr‸ue`, want: undefined },
  ])('$name', ({ text, want }) => {
    const { text: plain, row, column } = at(text);
    expect(explanationAt(plain, { row, column }, book)).toEqual(want);
  });
});

test.each([
  ['spec:', 2],
  ['  domain: ', 4],
  ['    - disk:', 8],
  ['  "a/b":', 4],
  ['  -odd:', 4],
  ['spec: {}', undefined],
  ['', undefined],
  ['# note:', undefined],
  ['  url: http:', undefined],
  ['- a', undefined],
])('the line after %j is indented by %s', (before, want) => {
  expect(indentAfterKey(before)).toBe(want);
});
