// Owns the rows of how things are named and how tables are aligned.
import { expect, test } from 'vitest';
import { aligned, parseOutput, tableLines, withCountdown } from '../../electron/cli/print.ts';
import { parseManifests } from '../../electron/cli/manifests.ts';
import { parseNames, pathOf, UsageError } from '../../electron/cli/resource-names.ts';

test.each([
  { words: ['vm'], want: ['/apis/kubevirt.io/v1/namespaces/p/virtualmachines'] },
  {
    words: ['vm', 'web', 'db'],
    want: ['/apis/kubevirt.io/v1/namespaces/p/virtualmachines/web', '/apis/kubevirt.io/v1/namespaces/p/virtualmachines/db'],
  },
  {
    words: ['vmi/web', 'dv/disk'],
    want: ['/apis/kubevirt.io/v1/namespaces/p/virtualmachineinstances/web', '/apis/cdi.kubevirt.io/v1beta1/namespaces/p/datavolumes/disk'],
  },
  { words: ['VirtualMachines.kubevirt.io', 'web'], want: ['/apis/kubevirt.io/v1/namespaces/p/virtualmachines/web'] },
  { words: ['pvc,secret'], want: ['/api/v1/namespaces/p/persistentvolumeclaims', '/api/v1/namespaces/p/secrets'] },
  { words: ['node', 'n1'], want: ['/api/v1/nodes/n1'] },
])('$words', ({ words, want }) => {
  expect(parseNames(words).map((named) => pathOf(named, 'p'))).toEqual(want);
});

test.each([{ words: [] }, { words: ['pods'] }, { words: ['vm/web', 'db'] }, { words: ['vm/'] }])('$words is refused', ({ words }) => {
  expect(() => parseNames(words)).toThrow(UsageError);
});

test('columns are aligned, wide ones only when asked', () => {
  const table = {
    columnDefinitions: [
      { name: 'Name', priority: 0 },
      { name: 'Node', priority: 1 },
      { name: 'Ready', priority: 0 },
    ],
    rows: [
      { cells: ['web', 'n1', true], object: { metadata: { namespace: 'default' } } },
      { cells: ['database', null, false], object: { metadata: { namespace: 'p' } } },
    ],
  };
  expect(tableLines(table, { wide: false, namespace: false, header: true })).toEqual([
    'NAME       READY',
    'web        true',
    'database   false',
  ]);
  expect(tableLines(table, { wide: true, namespace: true, header: false })).toEqual([
    'default   web        n1   true',
    'p         database        false',
  ]);
  expect(aligned([])).toEqual([]);
});

test('a machine that waits for its turn says how long, and no longer than that', () => {
  const table = {
    columnDefinitions: [
      { name: 'Name', priority: 0 },
      { name: 'Status', priority: 0 },
    ],
    rows: ['2026-01-02T03:05:00Z', 'never', undefined].map((at) => ({
      cells: ['web', 'Starting'],
      object: { metadata: at === undefined ? {} : { annotations: { 'virtdeck.io/starts-at': at } } },
    })),
  };
  const shown = (now: string): readonly unknown[] => withCountdown(table, Date.parse(now)).rows.map(({ cells }) => cells[1]);
  expect(shown('2026-01-02T03:04:47.500Z')).toEqual(['Starting in 13s', 'Starting', 'Starting']);
  expect(shown('2026-01-02T03:05:00Z')).toEqual(['Starting', 'Starting', 'Starting']);
});

test.each(['yaml', 'json', 'name', 'wide', 'jsonpath={.a}'])('-o %s is known', (text) => {
  expect(parseOutput(text).type).toBe(text === 'wide' ? 'table' : text.split('=')[0]);
});

test('-o nonsense is refused with the choices', () => {
  expect(() => parseOutput('xml')).toThrow(/allowed formats/);
});

test('manifests: many documents, lists, empty ones; what has no kind is refused', async () => {
  const text =
    '---\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\n---\napiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Namespace, metadata: {name: b}}]\n';
  expect((await parseManifests(text, 'x')).map((draft) => `${draft.kind}/${draft.metadata.name}`)).toEqual(['Secret/a', 'Namespace/b']);
  // As OpenShift's documentation prints one of them.
  expect(await parseManifests('apiversion: v1\nkind: Secret\n', 'x')).toMatchObject([{ apiVersion: 'v1', kind: 'Secret' }]);
  await expect(parseManifests('apiVersion: v1\n', 'x')).rejects.toThrow(/Object 'Kind' is missing/);
  await expect(parseManifests('a: [', 'x')).rejects.toThrow(/error parsing x/);
});
