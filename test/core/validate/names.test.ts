// Owns the proof of the rules of names and labels.
// Must not repeat what conformance.test.ts measures.
import { describe, expect, test } from 'vitest';
import { resources } from '../../../electron/api/resources.ts';
import { validate } from '../../../electron/core/validate/validate.ts';
import { draft, type Row, said, subdomainRule } from './drafts.ts';

const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const nameRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

describe('names and labels', () => {
  test.each<Row>([
    ['good', draft({}, { name: 'web-1.example' }), []],
    ['none', draft({}, { name: '' }), ['metadata.name | Required value: name or generateName is required']],
    ['generated', draft({}, { name: '', generateName: 'web-' }), []],
    ['generated badly', draft({}, { name: '', generateName: 'Web-' }), [`metadata.generateName | Invalid value: "Web-": ${subdomainRule}`]],
    ['upper case', draft({}, { name: 'Web' }), [`metadata.name | Invalid value: "Web": ${subdomainRule}`]],
    [
      'long',
      draft({}, { name: 'a'.repeat(254) }),
      [`metadata.name | Invalid value: "${'a'.repeat(254)}": must be no more than 253 characters`],
    ],
    [
      'good labels',
      draft({}, { labels: { 'example.com/My_App': 'v1.2', empty: '' }, annotations: { 'Example.com/x': ' any thing ' } }),
      [],
    ],
    ['bad label key', draft({}, { labels: { 'a b': 'x' } }), [`metadata.labels | Invalid value: "a b": ${nameRule}`]],
    ['bad label value', draft({}, { labels: { a: '-x' } }), [`metadata.labels | Invalid value: "-x": ${valueRule}`]],
    [
      'bad prefix, and no name',
      draft({}, { labels: { 'A/': 'x' } }),
      [
        `metadata.labels | Invalid value: "A/": prefix part ${subdomainRule}`,
        'metadata.labels | Invalid value: "A/": name part must be non-empty',
        `metadata.labels | Invalid value: "A/": ${nameRule}`,
      ],
    ],
    [
      'large annotations',
      draft({}, { annotations: { a: 'x'.repeat(262_144) } }),
      ['metadata.annotations | Too long: may not be more than 262144 bytes'],
    ],
  ])('%s', (...[, object, want]) => {
    expect(said(validate('gadgets', object))).toEqual(want);
  });

  test('a project is named like a label', () => {
    expect(said(validate(resources.namespaces, draft({ spec: {} }, { name: 'a.b' })))).toEqual([
      `metadata.name | Invalid value: "a.b": ${labelRule}`,
    ]);
  });
});
