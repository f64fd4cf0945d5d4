// Owns the rows of where a field is in a text, and of what is marked.
// Must not need a browser.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeOfField, segmentsOf } from '../../../renderer/ui/yaml-editor/field-path.ts';
import { problemMarks, syntaxMarks } from '../../../renderer/ui/yaml-editor/yaml-problems.ts';

test.each([
  ['spec.template.spec.domain.devices.disks[0].bootOrder', ['spec', 'template', 'spec', 'domain', 'devices', 'disks', 0, 'bootOrder']],
  ['metadata.labels["a.b/c"]', ['metadata', 'labels', 'a.b/c']],
  ["metadata.annotations['x']", ['metadata', 'annotations', 'x']],
  ['spec.limits[memory]', ['spec', 'limits', 'memory']],
  ['', []],
])('segmentsOf %s', (field, want) => {
  expect(segmentsOf(field)).toEqual(want);
});

const text = `kind: A # one
spec:
  disks:
    - name: root
      bootOrder: 0
    - name: data
  labels: {app: web}
---
kind: B
spec: 3
`;

describe('rangeOfField', () => {
  test.each([
    { field: 'kind', want: 'kind: A', exact: true },
    { field: 'spec.disks[0].bootOrder', want: 'bootOrder: 0', exact: true },
    { field: 'spec.disks[1]', want: 'name', exact: true },
    { field: 'spec.disks[7].name', want: 'disks', exact: false },
    { field: 'spec.disks[1].bootOrder', want: 'name', exact: false },
    { field: 'spec.labels.app', want: 'app: web', exact: true },
    { field: 'spec.nothing', want: 'spec', exact: false },
    { field: 'nothing', want: 'kind: A # one', exact: false },
    { field: '', want: 'kind: A # one', exact: false },
    { field: 'spec', document: 1, want: 'spec: 3', exact: true },
  ])('$field', ({ field, document, want, exact }) => {
    const range = rangeOfField(text, field, document);
    expect([text.slice(range.from, range.to), range.exact]).toEqual([want, exact]);
  });
});

describe('marks', () => {
  const shown = (source: string, marks: readonly { from: number; to: number; message: string }[]) =>
    marks.map(({ from, to, message }) => `${source.slice(from, to)} ← ${message}`);

  test('causes are said at their field, with the fix, and with the field when it is not there', () => {
    const marks = problemMarks(text, [
      { field: 'spec.disks[0].bootOrder', message: 'Must be above 0.', fix: 'Use 1.' },
      { field: 'spec.disks[0].cache', message: 'Unknown.', severity: 'warning' },
      { field: '', message: 'Refused.' },
    ]);
    expect(shown(text, marks)).toEqual([
      'bootOrder: 0 ← Must be above 0. Use 1.',
      'name ← spec.disks[0].cache: Unknown.',
      'kind: A # one ← Refused.',
    ]);
  });

  test('a syntax error is said where it is', () => {
    const source = 'a: 1\nb: [1\n';
    const marks = syntaxMarks(source);
    expect(marks.map(({ severity }) => severity)).toEqual(['error']);
    expect(marks[0]!.message).toMatch(/Flow sequence/);
  });

  test('a right text has no marks', () => {
    expect(syntaxMarks(text)).toEqual([]);
  });

  test('marks stay inside any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '-', '[', '{', '"', '&', '*', '|') }),
        fc.string(),
        (source, field) => {
          for (const { from, to } of [...syntaxMarks(source), ...problemMarks(source, [{ field, message: 'x' }])]) {
            expect(from >= 0 && from <= to && to <= source.length).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
