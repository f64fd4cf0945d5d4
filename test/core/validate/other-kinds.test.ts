// Owns the proof of the rules of kinds that have few.
// Must not repeat what conformance.test.ts measures.
import { describe, expect, test } from 'vitest';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import { validate } from '../../../electron/core/validate/validate.ts';
import { draft, said } from './drafts.ts';

describe('other kinds', () => {
  const keyRule =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  test.each<readonly [string, string, DraftObject, readonly string[]]>([
    ['a good Secret', resources.secrets, draft({ data: { 'ssh-key': 'YQ==', userdata: 'YQ=\n=' } }), []],
    [
      'odd keys',
      resources.secrets,
      draft({ data: { 'a b': '', '..': '' } }),
      [`data[a b] | Invalid value: "a b": ${keyRule}`, `data[..] | Invalid value: "..": ${keyRule}`],
    ],
    ['no base64', resources.secrets, draft({ data: { a: 'plain text' } }), ['data[a] | data[a] is not a valid base64 value']],
    [
      'too much',
      resources.secrets,
      draft({ data: { a: 'AAAA'.repeat(400_000) } }),
      ['data | Too long: may not be more than 1048576 bytes'],
    ],
    ['settings', resources.settings, draft({ spec: { theme: 'dark' } }, { name: 'default' }), []],
    [
      'other settings',
      resources.settings,
      draft({ spec: { language: 'fr' } }, { name: 'mine' }),
      [
        'metadata.name | Invalid value: "mine": there is one Settings object, named "default"',
        'spec.language | Invalid option: expected one of "auto"|"en"|"zh-CN"',
      ],
    ],
  ])('%s', (...[, resource, object, want]) => {
    expect(said(validate(resource, object))).toEqual(want);
  });
});
