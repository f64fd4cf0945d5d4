// Owns the rows of what an error says.
// Must not test drawing.
import { expect, test } from 'vitest';
import { ApiError } from '../../../renderer/client/api-error.ts';
import { failureOf } from '../../../renderer/ui/notices.tsx';

const causes = [{ reason: 'x', field: 'spec.a', message: 'too small', fix: 'Make it larger.' }];

test.each([
  { name: 'a plain error', error: new Error('gone'), want: { body: 'gone' } },
  { name: 'a refusal with causes', error: new ApiError(422, 'invalid', { causes }), want: { body: 'invalid', causes } },
  { name: 'a refusal without', error: new ApiError(409, 'not now'), want: { body: 'not now' } },
  { name: 'no error at all', error: 'oops', want: { body: 'oops' } },
])('$name', ({ error, want }) => {
  expect(failureOf(error)).toEqual(want);
});
