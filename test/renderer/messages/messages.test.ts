// Owns the proof that both languages say everything, with the same values in it.
// Must not judge the wording.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = new URL('../../../renderer/messages/', import.meta.url).pathname;
const languages = ['en', 'zh-CN'] as const;
type Tree = { readonly [key: string]: string | Tree };

const files = (language: string): readonly string[] => readdirSync(join(root, language)).toSorted();

/** `a.b.c` → text. */
function texts(language: string, file: string): ReadonlyMap<string, string> {
  const flat = (tree: Tree, prefix: string): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`)));
  return new Map(flat(JSON.parse(readFileSync(join(root, language, file), 'utf8')) as Tree, ''));
}

const plural = /_(zero|one|two|few|many|other)$/;
const baseKeys = (map: ReadonlyMap<string, string>): readonly string[] =>
  [...new Set([...map.keys()].map((key) => key.replace(plural, '')))].toSorted();
const placeholders = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{\{\s*([\w.]+)[^}]*\}\}/g)].map((match) => match[1]!))].toSorted();

test('both languages have the same catalogues', () => {
  expect(files('zh-CN')).toEqual(files('en'));
});

describe.each(files('en'))('%s', (file) => {
  const english = texts('en', file);
  const chinese = texts('zh-CN', file);

  test('has the same keys', () => {
    expect(baseKeys(chinese)).toEqual(baseKeys(english));
  });

  test.each(languages)('has every plural form of %s', (language) => {
    const map = language === 'en' ? english : chinese;
    // `zero` is i18next's own: it may stand for a sentence that names no number.
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const bases = [...new Set([...map.keys()].filter((key) => plural.test(key)).map((key) => key.replace(plural, '')))];
    const missing = bases.flatMap((base) => needed.filter((form) => !map.has(`${base}_${form}`)).map((form) => `${base}_${form}`));
    expect(missing).toEqual([]);
  });

  test('puts the same values into both languages', () => {
    const valuesOf = (map: ReadonlyMap<string, string>, base: string): readonly string[] =>
      [...new Set([...map].filter(([key]) => key.replace(plural, '') === base).flatMap(([, text]) => placeholders(text)))].toSorted();
    const differing = baseKeys(english).filter((key) => valuesOf(english, key).join() !== valuesOf(chinese, key).join());
    expect(differing).toEqual([]);
  });

  test('leaves nothing empty and nothing untranslated', () => {
    const empty = [...english, ...chinese].filter(([, text]) => text.trim() === '').map(([key]) => key);
    // A name, a unit or a number alone is the same everywhere; several words are not.
    const words = (text: string): number => (text.replace(/\{\{.*?\}\}/g, '').match(/\p{L}{2,}/gu) ?? []).length;
    const same = [...english].filter(([key, text]) => chinese.get(key) === text && words(text) > 3).map(([key]) => key);
    expect({ empty, same }).toEqual({ empty: [], same: [] });
  });
});
