// Owns label and field selectors: their grammar as Kubernetes writes it, and whether an object matches.
// Must not list objects.
import { AppError, type Cause } from '../api/errors.ts';
import { valueAt } from '../api/kinds/columns.ts';
import type { Kind } from '../api/kinds/kind.ts';
import type { KubeObject } from '../api/object.ts';

export type Matches = (object: KubeObject) => boolean;

type Labels = Readonly<Record<string, string>>;

/** Grammar: `a=b`, `a==b`, `a!=b`, `a in (x,y)`, `a notin (x)`, `a`, `!a`, `a>1`, `a<1`, joined by commas. */
export function labelSelector(text: string): (labels: Labels) => boolean {
  const tests = splitRequirements(text).map((requirement) => labelRequirement(requirement, text));
  return (labels) => tests.every((test) => test(labels));
}

type LabelTest = (labels: Labels) => boolean;

const setForm = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const equalityForm = /^([^\s=!<>]+)\s*(==|=|!=|>|<)\s*([^\s=!<>()]*)$/;
const existsForm = /^(!?)\s*([^\s=!<>(),]+)$/;

function labelRequirement(requirement: string, whole: string): LabelTest {
  const set = setForm.exec(requirement);
  if (set !== null) return setTest(set, whole);
  const equality = equalityForm.exec(requirement);
  if (equality !== null) return equalityTest(equality, whole);
  const exists = existsForm.exec(requirement);
  if (exists === null) throw badSelector('labelSelector', whole, `unable to parse requirement: ${JSON.stringify(requirement)}`);
  const [, not, key = ''] = exists;
  checkKey(key, whole);
  return not === '!' ? (labels) => !Object.hasOwn(labels, key) : (labels) => Object.hasOwn(labels, key);
}

function setTest([, key = '', operator, list = '']: RegExpExecArray, whole: string): LabelTest {
  checkKey(key, whole);
  const values = new Set(list.split(',').map((value) => value.trim()));
  for (const value of values) checkValue(value, whole);
  // A label that is not there is "not in" every set.
  return operator === 'in'
    ? (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? '')
    : (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? '');
}

function equalityTest([, key = '', operator = '', value = '']: RegExpExecArray, whole: string): LabelTest {
  checkKey(key, whole);
  if (operator === '>' || operator === '<') {
    if (!/^-?\d+$/.test(value)) throw badSelector('labelSelector', whole, `for 'Gt', 'Lt' operators, the value must be an integer`);
    const bound = BigInt(value);
    return (labels) => {
      const found = Object.hasOwn(labels, key) ? labels[key] : undefined;
      if (found === undefined || !/^-?\d+$/.test(found)) return false;
      return operator === '>' ? BigInt(found) > bound : BigInt(found) < bound;
    };
  }
  checkValue(value, whole);
  return operator === '!='
    ? (labels) => !Object.hasOwn(labels, key) || labels[key] !== value
    : (labels) => Object.hasOwn(labels, key) && labels[key] === value;
}

/** Splits at commas outside parentheses. Empty text has no requirement. */
function splitRequirements(text: string): readonly string[] {
  if (text.trim() === '') return [];
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim());
}

const namePart = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;
const prefixPart = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function checkKey(key: string, whole: string): void {
  const slash = key.indexOf('/');
  const [prefix, name] = slash < 0 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)];
  if (namePart.test(name) && (prefix === undefined || (prefix.length <= 253 && prefixPart.test(prefix)))) return;
  throw badSelector('labelSelector', whole, `${JSON.stringify(key)} is not a label key`);
}

function checkValue(value: string, whole: string): void {
  if (value === '' || namePart.test(value)) return;
  throw badSelector('labelSelector', whole, `${JSON.stringify(value)} is not a label value`);
}

interface FieldTest {
  readonly path: string;
  readonly equal: boolean;
  readonly value: string;
}

/** Grammar: `path=value`, `path==value`, `path!=value`, joined by commas; `\,` `\=` `\\` stand for themselves. */
export function fieldSelector(kind: Kind, text: string): Matches {
  const allowed = new Set(['metadata.name', 'metadata.namespace', ...kind.selectableFields]);
  const tests = splitEscaped(text).map((part) => fieldTest(part, text));
  for (const { path } of tests) {
    if (!allowed.has(path)) throw badSelector('fieldSelector', text, `field label not supported: ${path}`);
  }
  // An absent field counts as empty, as in Kubernetes; `spec.unschedulable=false` matches a node without it.
  return (object) => tests.every(({ path, equal, value }) => (fieldText(object, path) === value) === equal);
}

function fieldText(object: KubeObject, path: string): string {
  return String(valueAt(object, path) ?? (path === 'spec.unschedulable' ? false : ''));
}

function fieldTest(part: string, whole: string): FieldTest {
  const found = /^((?:[^=!\\]|\\.)+?)(==|!=|=)((?:[^\\=]|\\.)*)$/.exec(part);
  if (found === null) throw badSelector('fieldSelector', whole, `invalid selector: ${JSON.stringify(part)}`);
  const [, path = '', operator, value = ''] = found;
  return { path: path.trim(), equal: operator !== '!=', value: value.replaceAll(/\\([\\,=])/g, '$1') };
}

function splitEscaped(text: string): readonly string[] {
  if (text === '') return [];
  return (text.match(/(?:[^,\\]|\\.)+/g) ?? [text]).filter((part) => part.trim() !== '');
}

function badSelector(field: string, text: string, why: string): AppError {
  const cause: Cause = { reason: 'FieldValueInvalid', field, message: why, fix: `Correct the ${field} ${JSON.stringify(text)}.` };
  return new AppError('BadRequest', why, { causes: [cause] });
}

/** Labels and fields together; an absent parameter matches everything. */
export function selector(kind: Kind, query: URLSearchParams): Matches | undefined {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  if (labels === '' && fields === '') return undefined;
  const byLabels = labelSelector(labels);
  const byFields = fieldSelector(kind, fields);
  return (object) => byLabels(object.metadata.labels ?? {}) && byFields(object);
}
