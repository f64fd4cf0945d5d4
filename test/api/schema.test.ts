// Owns strict decoding: rows of shapes, and the corpus of upstream's examples when it is there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kindNamed } from '../../electron/api/kinds/registry.ts';
import { decode, type Schemas } from '../../electron/api/schema.ts';

const root = new URL('../..', import.meta.url).pathname;
const schemas = JSON.parse(readFileSync(join(root, 'resources/generated/schemas.json'), 'utf8')) as Schemas;

const machine = (domain: object, more: object = {}): object => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'web', creationTimestamp: null },
  spec: { runStrategy: 'Halted', template: { metadata: { labels: { a: 'b' } }, spec: { domain: { devices: {}, ...domain }, ...more } } },
});

test.each([
  { name: 'a plain machine', value: machine({}), want: [] },
  {
    name: 'quantities as text and as numbers',
    value: machine({ memory: { guest: '1Gi' }, resources: { requests: { memory: 1073741824, cpu: 2 } } }),
    want: [],
  },
  {
    name: 'upstream names that TypeScript cannot spell',
    value: machine({}, { networks: [{ name: 'n', multus: { networkName: 'x', default: true } }] }),
    want: [],
  },
  { name: 'null is absent', value: machine({ cpu: null, memory: null }), want: [] },
  {
    name: 'a misspelt field, with the name that was meant',
    value: machine({ memroy: {} }),
    want: [
      {
        reason: 'UnknownField',
        field: 'spec.template.spec.domain.memroy',
        message: 'unknown field "spec.template.spec.domain.memroy"',
        fix: 'Did you mean "memory"?',
      },
    ],
  },
  {
    name: 'every cause at once',
    value: machine({ cpu: { cores: 'two', threads: 1.5 }, memory: { guest: '1Gb' }, devices: { disks: [{ nam: 'x' }] } }),
    want: [
      'spec.template.spec.domain.devices.disks[0].name: FieldValueRequired',
      'spec.template.spec.domain.devices.disks[0].nam: UnknownField',
      'spec.template.spec.domain.cpu.cores: FieldValueTypeInvalid',
      'spec.template.spec.domain.cpu.threads: FieldValueTypeInvalid',
      'spec.template.spec.domain.memory.guest: FieldValueInvalid',
    ],
  },
  {
    name: 'an item that is null is no absent field',
    value: machine({ devices: { disks: [null] } }),
    want: ['spec.template.spec.domain.devices.disks[0]: FieldValueTypeInvalid'],
  },
  { name: 'not an object at all', value: 'hello', want: ['<root>: FieldValueTypeInvalid'] },
  { name: 'a list for an object', value: machine({ cpu: [] }), want: ['spec.template.spec.domain.cpu: FieldValueTypeInvalid'] },
  {
    name: 'a prototype name is no field',
    value: machine({ constructor: 1 }),
    want: ['spec.template.spec.domain.constructor: UnknownField'],
  },
])('$name', ({ value, want }) => {
  const causes = decode(schemas, 'V1VirtualMachine', value);
  const asText = want.every((each) => typeof each === 'string');
  const got = asText ? causes.map(({ field, reason }) => `${field}: ${reason}`).toSorted() : causes;
  expect(got).toEqual(asText ? [...want].toSorted() : want);
});

test('sources of ours are known to DataVolume, also inside a template', () => {
  const spec = { source: { mmdebstrap: { suite: 'bookworm' } }, storage: { resources: { requests: { storage: '4Gi' } } } };
  expect(
    decode(schemas, 'V1beta1DataVolume', { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', metadata: { name: 'd' }, spec }),
  ).toEqual([]);
  const value = {
    ...machine({}),
    spec: {
      runStrategy: 'Halted',
      dataVolumeTemplates: [{ metadata: { name: 'd' }, spec }],
      template: { spec: { domain: { devices: {} } } },
    },
  };
  expect(decode(schemas, 'V1VirtualMachine', value)).toEqual([]);
});

const corpus = join(root, '../shared/kubevirt/examples');
describe.skipIf(!existsSync(corpus))("upstream's examples (skipped where the corpus is not beside the project)", () => {
  const files = existsSync(corpus) ? readdirSync(corpus) : [];
  test.each(files)('%s', (file) => {
    const values = parseAllDocuments(readFileSync(join(corpus, file), 'utf8')).map(
      (document) => document.toJS() as { apiVersion: string; kind: string },
    );
    const known = values.flatMap((value) => {
      const kind = kindNamed(value?.apiVersion, value?.kind);
      return kind === undefined ? [] : [{ kind, value }];
    });
    expect(known.flatMap(({ kind, value }) => decode(schemas, kind.schema, value))).toEqual([]);
  });
});
