// Owns reading options from a query string, as Kubernetes' API machinery does.
// Must not know what the options do.
import { AppError } from '../api/errors.ts';

const goTrue = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const goFalse = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** Go's strconv.ParseBool, which Kubernetes uses: Python clients send `True`. Absent or empty is undefined. */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (goTrue.has(text)) return true;
  if (goFalse.has(text)) return false;
  throw badOption(name, text, 'Write true or false.');
}

/** A whole number from 0 to 2^53-1. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) throw badOption(name, text, 'Write a whole number.');
  return value;
}

/** One of the words, or undefined when absent. */
export function choice<const Word extends string>(query: URLSearchParams, name: string, words: readonly Word[]): Word | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const found = words.find((word) => word === text);
  if (found === undefined) throw badOption(name, text, `Use ${words.map((word) => JSON.stringify(word)).join(' or ')}.`);
  return found;
}

/** Whether `dryRun` asks for a rehearsal; it may be given in the query, in the body's options, or in both. */
export function isDryRun(values: readonly unknown[]): boolean {
  for (const value of values) {
    if (value !== 'All') throw badOption('dryRun', String(value), 'Use "All".');
  }
  return values.length > 0;
}

export function badOption(name: string, text: string, fix: string): AppError {
  const message = `${name}: Invalid value: ${JSON.stringify(text)}`;
  return new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field: name, message, fix }] });
}
