// Owns the rules of ConfigMaps: keys, values, sizes, and what may change when they are frozen.
import { expect, test } from 'vitest';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import { validate } from '../../../electron/core/validate/validate.ts';

const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const frozen = 'Forbidden: field is immutable when `immutable` is set';

function configMap(body: object): DraftObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, ...body };
}

interface Row {
  readonly title: string;
  readonly body: object;
  readonly old?: object;
  readonly want: readonly string[];
}

const rows: readonly Row[] = [
  { title: 'text and bytes', body: { data: { 'app.conf': 'a=1' }, binaryData: { logo: 'YQ==' } }, want: [] },
  {
    title: 'odd keys, a key twice, no base64',
    body: { data: { 'a b': '', twice: '' }, binaryData: { twice: 'YQ==', raw: 'plain text' } },
    want: [
      `data[a b] | Invalid value: "a b": ${keyRule}`,
      'data[twice] | Invalid value: "twice": duplicate of key present in binaryData',
      'binaryData[raw] | binaryData[raw] is not a valid base64 value',
    ],
  },
  {
    title: 'too much',
    body: { data: { a: 'A'.repeat(1_048_577) } },
    want: ['data | Too long: may not be more than 1048576 bytes'],
  },
  { title: 'is frozen', body: { immutable: true }, old: {}, want: [] },
  {
    title: 'changes while frozen',
    body: { data: { a: 'c' } },
    old: { data: { a: 'b' }, immutable: true },
    want: [`immutable | ${frozen}`, `data | ${frozen}`],
  },
];

test.each(rows)('a ConfigMap: $title', ({ body, old, want }) => {
  const causes = validate(resources.configMaps, configMap(body), old === undefined ? undefined : configMap(old));
  expect(causes.map(({ field, message }) => `${field} | ${message}`)).toEqual(want);
});
