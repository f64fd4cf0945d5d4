// Owns the rows of reading a YAML stream into objects, and of folders and keys.
// Must not test the editor.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resources } from '../../../electron/api/resources.ts';
import { decode, type Schemas } from '../../../electron/api/schema.ts';
import { validate } from '../../../electron/core/validate/validate.ts';
import { crumbsOf, joined, shownEntries } from '../../../renderer/features/create/folders.ts';
import { memoryMarks } from '../../../renderer/features/create/memory-marks.ts';
import { commandText } from '../../../renderer/features/create/qemu-command-text.ts';
import { pastedText, withKey, withPasted } from '../../../renderer/features/create/ssh-key-list.ts';
import { exampleYaml, yamlDrafts } from '../../../renderer/features/create/yaml-drafts.ts';

const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n';

describe('yamlDrafts', () => {
  test('documents keep their order and place; namespaced ones get the project', () => {
    const text = `# first\n${secret}---\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n---\n${secret.replace('{name: s}', '{name: s, namespace: own}')}`;
    expect(yamlDrafts(text, 'here')).toEqual({
      broken: false,
      problems: [],
      drafts: [
        { resource: 'secrets', document: 0, draft: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'here' } } },
        { resource: 'namespaces', document: 2, draft: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } } },
        { resource: 'secrets', document: 3, draft: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'own' } } },
      ],
    });
  });

  test.each([
    { name: 'nothing', text: '', want: [] },
    { name: 'a comment', text: '# only\n', want: [] },
    {
      name: 'a kind of another system',
      text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n',
      want: [[0, 'kind', 'noKind']],
    },
    { name: 'no object at all', text: 'just words\n', want: [[0, 'kind', 'noKind']] },
    { name: 'no name', text: `${secret}---\napiVersion: v1\nkind: Secret\n`, want: [[1, 'metadata', 'noName']] },
  ])('$name', ({ text, want }) => {
    const { problems, broken } = yamlDrafts(text, 'default');
    expect([broken, problems.map(({ document, field, code }) => [document, field, code])]).toEqual([false, want]);
  });

  test.each(['a: [', 'a: *nobody', `${secret}---\nb: "`])('%j is broken, and nothing of it is sent', (text) => {
    expect(yamlDrafts(text, 'default')).toEqual({ drafts: [], problems: [], broken: true });
  });

  test('any text is read or broken', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '-', '[', '{', '"', '&', '*', '|', '#') }), (text) => {
        expect(yamlDrafts(text, 'default').drafts).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('the core takes the example', () => {
    const schemas = JSON.parse(readFileSync(new URL('../../../resources/generated/schemas.json', import.meta.url), 'utf8')) as Schemas;
    const [made] = yamlDrafts(exampleYaml('default'), 'default').drafts;
    expect([...decode(schemas, 'V1VirtualMachine', made?.draft), ...validate(resources.virtualMachines, made!.draft)]).toEqual([]);
  });
});

test('folders', () => {
  const entries = [
    { name: 'b10', type: 'file', sizeBytes: 1 },
    { name: '.hidden', type: 'directory', sizeBytes: 0 },
    { name: 'b9', type: 'file', sizeBytes: 1 },
    { name: 'z', type: 'directory', sizeBytes: 0 },
  ] as const;
  expect([
    crumbsOf('/'),
    crumbsOf('/home/me/'),
    joined('/', 'a'),
    joined('/a', 'b'),
    shownEntries(entries).map(({ name }) => name),
  ]).toEqual([
    [{ name: '/', path: '/' }],
    [
      { name: '/', path: '/' },
      { name: 'home', path: '/home' },
      { name: 'me', path: '/home/me' },
    ],
    '/a',
    '/a/b',
    ['z', 'b9', 'b10'],
  ]);
});

test('keys: ticked ones and pasted ones live side by side', () => {
  const found = ['A', 'B'];
  const ticked = withKey(withKey([], 'A', true), 'B', true);
  const pasted = withPasted(ticked, found, 'X\nY\n');
  const unticked = withKey(pasted, 'A', false);
  expect([pastedText(pasted, found), unticked, withPasted(unticked, found, '')]).toEqual(['X\nY\n', ['B', 'X', 'Y', ''], ['B']]);
});

test.each([
  { memory: { totalMiB: 16_000, availableMiB: 8000 }, want: ['none', 'free', 'total'] },
  { memory: { totalMiB: 16_000, availableMiB: 15_000 }, want: ['none', 'total'] },
  { memory: { totalMiB: 16_000, availableMiB: 100 }, want: ['none', 'total'] },
  { memory: { totalMiB: 0, availableMiB: 0 }, want: ['none', 'total'] },
])('marks of $memory', ({ memory, want }) => {
  expect(memoryMarks(memory).map(({ kind }) => kind)).toEqual(want);
});

test('the QEMU command can be pasted into a shell', () => {
  const command = [{ flag: 'qemu' }, { flag: '-name', value: 'web,debug-threads=on' }, { flag: '-device', value: `{"id":"it's"}` }];
  expect(commandText(command)).toBe(`qemu \\\n  -name web,debug-threads=on \\\n  -device '{"id":"it'\\''s"}'`);
});
