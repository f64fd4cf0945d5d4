// Owns reading YAML as a cluster does, and refusing bombs.
import { describe, expect, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import { parseYaml } from '../../electron/server/yaml.ts';

describe('YAML as a cluster reads it', () => {
  const rows: readonly (readonly [yaml: string, value: unknown])[] = [
    ['yes', true],
    ['On', true],
    ['n', false],
    ['off', false],
    ['true', true],
    ['"yes"', 'yes'],
    ['yesterday', 'yesterday'],
    ['0644', 420],
    ['0o17', 15],
    ['0x1F', 31],
    ['12', 12],
    ['1.5', 1.5],
    ['02:00:00:00:00:01', '02:00:00:00:00:01'],
    ['1:30', '1:30'],
    ['2026-01-02', '2026-01-02'],
    ['1_000', '1_000'],
    ['{a: &x {b: 1}, c: *x}', { a: { b: 1 }, c: { b: 1 } }],
    ['a: &x {b: 1}\nc:\n  <<: *x\n  d: 2', { a: { b: 1 }, c: { b: 1, d: 2 } }],
    ['---\na: 1\n---\n', { a: 1 }],
    ['# only a remark before\na: |\n  two\n  lines\n', { a: 'two\nlines\n' }],
    ['a: ~', { a: null }],
  ];
  test.each(rows)('%j', (yaml, value) => {
    expect(parseYaml(yaml)).toEqual(value);
  });

  const aliases = (count: number): string => `a: &a x\nb: [${Array.from({ length: count }, () => '*a').join(', ')}]`;
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'
      .split('')
      .map((name, level) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'[level]}`).join(', ')}]`),
  ];
  const badRows: readonly (readonly [name: string, yaml: string, message: RegExp])[] = [
    ['nothing', '', /^the document is empty$/],
    ['a remark alone', '# hello', /^the document is empty$/],
    ['two documents', 'a: 1\n---\nb: 2\n', /^one object a request, but there are 2 documents$/],
    ['a field twice', 'a: 1\nb: 2\na: 3', /^Map keys must be unique at line 3, column 1$/],
    ['an open bracket', 'a: [1, 2', /at line 1, column 9$/],
    ['a tab as indentation', 'a:\n\tb: 1', /at line 2, column 1$/],
    ['an alias of nothing', 'a: *b', /Unresolved alias.*b$/],
    ['more aliases than anybody needs', aliases(101), /^more than 100 aliases$/],
    ['a bomb of aliases', bomb.join('\n'), /Excessive alias count/],
    ['an unknown tag', 'a: !!js/function "x"', /Unresolved tag.* at line 1, column 4$/],
    ['a list as a name', '? [a, b]\n: 1', /^a list or a map cannot be the name of a field$/],
    ['a wall of brackets', '['.repeat(20_000), /^it is nested too deeply$/],
    ['a staircase of dashes', '- '.repeat(20_000), /^it is nested too deeply$/],
  ];
  test.each(badRows)('%s is refused', (_, yaml, message) => {
    try {
      expect(parseYaml(yaml)).toBe('refused');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(error.code).toBe('BadRequest');
      expect(error.causes).toEqual([
        { reason: 'FieldValueInvalid', field: '<root>', message: expect.stringMatching(message) as string, fix: 'Correct the YAML there.' },
      ]);
    }
  });
});
