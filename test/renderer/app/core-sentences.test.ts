// Owns the proof that the core's sentences are recognised, and that the catalogue has them as the core writes them.
// Must not judge the wording.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';
import { filled, sentenceFinder, type Templates } from '../../../renderer/app/core-sentences.ts';

const [english, parts] = ['core', 'coreParts'].map(
  (name) => JSON.parse(readFileSync(new URL(`../../../renderer/messages/en/${name}.json`, import.meta.url), 'utf8')) as Templates,
) as [Templates, Templates];

describe('a sentence', () => {
  const find = sentenceFinder({
    plain: 'QEMU was not found on this computer.',
    short: 'The disk {{name}} is gone.',
    long: 'The disk {{name}} is gone. Nobody knows where {{place}} is (odd).',
  });
  test.each([
    { sentence: 'QEMU was not found on this computer.', want: { key: 'plain', values: {} } },
    { sentence: 'The disk a.b is gone.', want: { key: 'short', values: { name: 'a.b' } } },
    { sentence: 'The disk a is gone. Nobody knows where x y is (odd).', want: { key: 'long', values: { name: 'a', place: 'x y' } } },
    { sentence: 'The disk two\nlines is gone.', want: { key: 'short', values: { name: 'two\nlines' } } },
    { sentence: 'The disk  is gone', want: undefined },
    { sentence: 'QEMU was not found on this computer. At all.', want: undefined },
    { sentence: '', want: undefined },
  ])('$sentence', ({ sentence, want }) => {
    expect([find(sentence), find(sentence)]).toEqual([want, want]);
  });
});

test('a translation takes the values in its own order', () => {
  expect(filled('{{b}}：{{a}}。', { a: '1', b: '2' })).toBe('2：1。');
});

test('every sentence of the catalogue stands in the core as it is written there', () => {
  const sources = allSources(new URL('../../../electron', import.meta.url).pathname)
    .map(withoutValues)
    .join('\n');
  const lost = Object.entries(english).filter(([, template]) => !sources.includes(template.replaceAll(/\{\{\w+\}\}/g, value)));
  expect(lost).toEqual([]);
});

test('every part of a sentence is made of words of the core', () => {
  const sources = allSources(new URL('../../../electron/core', import.meta.url).pathname).join('\n');
  const words = Object.values(parts).map((template) => template.replaceAll(/\{\{\w+\}\}/g, '').trim());
  expect(words.filter((text) => !sources.includes(text))).toEqual([]);
});

test('every sentence of the catalogue is found again with its values', () => {
  const find = sentenceFinder(english);
  const wrong = Object.entries(english).flatMap(([key, template]) => {
    const sentence = template.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => `<${name}>`);
    const values = Object.fromEntries([...template.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => [name, `<${name}>`]));
    const found = find(sentence);
    return found?.key === key && JSON.stringify(found.values) === JSON.stringify(values) ? [] : [{ key, found }];
  });
  expect(wrong).toEqual([]);
});

/** Rooms whose every sentence has a row. What KubeVirt says of a manifest, which ends without a full stop, stays English. */
const complete = [
  'api/fix-actions.ts',
  'api/state-hindrances.ts',
  'core',
  'engine',
  'host/accelerator.ts',
  'host/clusters',
  'host/disks',
  'host/images',
  'host/limits',
  'host/probes',
  'host/qemu/early-exit.ts',
  'host/qemu/vfio-texts.ts',
];
/** So little of their own that they would be found in other sentences. */
const tooGeneral = [
  '{} is {} ({}).',
  '{} is {}.',
  '{} runs.',
  'Edit {} in {}.',
  'Edit {}.',
  'The annotation {} {}.',
  'There is no {} {}.',
  'UEFI firmware {}{}.',
  'Use {}.',
  'Went back to snapshot {}{}.',
  'Write it as {}.',
];

test.each(complete)('every sentence of %s has its row', (room) => {
  const rows = new Set(Object.values(english).map((template) => template.replaceAll(/\{\{\w+\}\}/g, '{}')));
  const path = new URL(`../../../electron/${room}`, import.meta.url).pathname;
  const sentences = (room.endsWith('.ts') ? [readFileSync(path, 'utf8')] : allSources(path)).flatMap((source) => sentencesOf(source));
  expect(sentences.length).toBeGreaterThan(0);
  expect([...new Set(sentences)].filter((sentence) => !rows.has(sentence) && !tooGeneral.includes(sentence))).toEqual([]);
});

/** Texts of a source that begin like a sentence, hold several words and end with a full stop; `{}` for each value. */
function sentencesOf(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) return node.forEach(visit);
    const { type, key, value: literal, quasis } = node as Node;
    if (type === 'ImportDeclaration' || type === 'TSLiteralType') return;
    // Why a flag of QEMU's is there: the Command tab says it, which is English like the command.
    if (type === 'Property' && key?.name === 'reason') return;
    if (type === 'Literal' && typeof literal === 'string') found.push(literal);
    if (type === 'TemplateLiteral') found.push((quasis ?? []).map((quasi) => quasi.value.cooked).join('{}'));
    Object.values(node).forEach(visit);
  };
  visit(parseSync('source.ts', source).program);
  return found.filter((text) => /^(?:[A-Z]|\{\}).*\s.*\.$/s.test(text));
}

/** The little that is looked at of a syntax tree. */
interface Node {
  readonly type?: string;
  readonly key?: { readonly name?: string };
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
}

const value = '\u0000';

function allSources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** `${…}` of template literals, braces within included. */
function withoutValues(source: string): string {
  let out = '';
  let from = 0;
  for (let at = source.indexOf('${'); at >= 0; at = source.indexOf('${', from)) {
    out += source.slice(from, at) + value;
    let depth = 1;
    for (from = at + 2; depth > 0 && from < source.length; from += 1) {
      if (source[from] === '{') depth += 1;
      else if (source[from] === '}') depth -= 1;
    }
  }
  return out + source.slice(from);
}
