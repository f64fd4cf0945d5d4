// Owns the proof that the window takes the names that the core takes.
// Must not know a form.
import { expect, test } from 'vitest';
import { labelNameErrors, subdomainErrors } from '../../../electron/core/validate/names.ts';
import { isLabelName, isObjectName } from '../../../renderer/ui/object-name.ts';

test.each([
  'a',
  'data-1',
  'a.b',
  'a..b',
  'a.-b',
  'a-.b',
  '.a',
  'a.',
  '-a',
  'a-',
  'Data',
  'a_b',
  'a b',
  '',
  'a'.repeat(63),
  'a'.repeat(64),
  'a'.repeat(253),
  'a'.repeat(254),
])('“%s” is a name here exactly when the core takes it', (name) => {
  expect([isObjectName(name), isLabelName(name)]).toEqual(
    [subdomainErrors(name), labelNameErrors(name)].map((errors) => errors.length === 0),
  );
});
