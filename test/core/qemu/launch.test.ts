// Owns what holds of every launch decision: it never throws, never changes what it is given, and never lets a value become an option.
// Must not compare command lines; the golden corpus does.
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode } from '../../../electron/api/schema.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { launchDecision } from '../../../electron/core/qemu/launch.ts';
import { argvOf } from '../../../electron/core/qemu/launch-plan.ts';
import { honouredFields } from '../../../electron/core/validate/honoured-fields.ts';
import { goldenPlaces, instanceOf, launchFacts, readCase, readSchemas } from '../../golden/golden-case.ts';

const names = readdirSync(new URL('../../golden/cases/', import.meta.url))
  .filter((file) => file.endsWith('.vm.yaml'))
  .map((file) => file.slice(0, -'.vm.yaml'.length));

const schemas = readSchemas();
const cases = names.map((name) => {
  const golden = readCase(name);
  const vmi = instanceOf(golden);
  return { name, vmi, facts: launchFacts(golden, vmi, goldenPlaces) };
});

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}

test.each(cases)('$name: the same twice, from frozen objects', ({ vmi, facts }) => {
  expect(launchDecision(frozen(vmi), frozen(facts))).toEqual(launchDecision(vmi, facts));
});

test.each(cases)('$name: every argument says where it comes from, and every cause what to do', ({ vmi, facts }) => {
  const { plan, causes, warnings } = launchDecision(vmi, facts);
  const fields = [...(plan?.args ?? []), ...causes, ...warnings].flatMap(({ field }) => (field === undefined ? [] : [field]));
  expect(fields.filter((field) => !/^(spec\.|metadata\.)/.test(field))).toEqual([]);
  expect(causes.filter(({ fix, message }) => fix === undefined || !message.trim().length)).toEqual([]);
});

// Strings that would do harm where they are not quoted, and numbers that are at an edge.
const hostile = fc.constantFrom('', ',', 'a,readonly=on', '-S', '"', '\\', '\n', '..', '/etc/passwd', '🦆', 'x'.repeat(300), '{"a":1}');
const number = fc.constantFrom(0, -1, 1, 2, 64, 1e9);

/** A leaf of the manifest is replaced by another of its kind, or a member is taken away. */
function mutated(vmi: VirtualMachineInstance, steps: readonly Mutation[]): VirtualMachineInstance {
  const copy = structuredClone(vmi);
  for (const step of steps) mutateOnce(copy.spec, step);
  return copy;
}

interface Mutation {
  readonly at: number;
  readonly text: string;
  readonly number: number;
  readonly remove: boolean;
}

function mutateOnce(root: object, { at, text, number: digit, remove }: Mutation): void {
  const places = leaves(root);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return;
  const value: unknown = Reflect.get(place.holder, place.key);
  if (remove && !Array.isArray(place.holder)) Reflect.deleteProperty(place.holder, place.key);
  else if (typeof value === 'string') Reflect.set(place.holder, place.key, text);
  else if (typeof value === 'number') Reflect.set(place.holder, place.key, digit);
  else if (typeof value === 'boolean') Reflect.set(place.holder, place.key, !value);
}

function leaves(holder: object): readonly { readonly holder: object; readonly key: string }[] {
  return Object.entries(holder).flatMap(([key, value]: [string, unknown]) => [
    { holder, key },
    ...(typeof value === 'object' && value !== null ? leaves(value) : []),
  ]);
}

test('a thousand broken machines are decided, and none gets an option of its own', () => {
  const mutation = fc.record({ at: fc.nat(500), text: hostile, number, remove: fc.boolean() });
  fc.assert(
    fc.property(fc.constantFrom(...cases), fc.array(mutation, { minLength: 1, maxLength: 4 }), ({ vmi, facts }, steps) => {
      const broken = mutated(vmi, steps);
      // What the decoder refuses never gets here.
      fc.pre(decode(schemas, 'V1VirtualMachineInstance', broken).length === 0);
      const { plan, causes, warnings } = launchDecision(broken, facts);
      expect([...causes, ...warnings].filter(({ field, message }) => field === '' || message === '')).toEqual([]);
      if (plan === undefined) return;
      const [program, ...options] = argvOf(plan);
      const flags = plan.args.map(({ flag }) => flag);
      expect([program, options.filter((_, index) => optionAt(plan.args, index))]).toEqual([facts.host.qemu?.binary, flags]);
    }),
    { numRuns: 1000 },
  );
});

/** Whether the text at this place of the argv is a flag of the plan, counted by hand. */
function optionAt(args: readonly { readonly value?: unknown }[], index: number): boolean {
  let at = 0;
  for (const { value } of args) {
    if (at === index) return true;
    at += value === undefined ? 1 : 2;
  }
  return false;
}

test('every field that is said to be honoured is in some golden machine', () => {
  const used = new Set(cases.flatMap(({ vmi }) => patterns(vmi.spec, '')));
  const isUsed = (field: string): boolean => {
    const plain = field.replace(/(\.\*\*|=.*)$/, '');
    return [...used].some((pattern) => pattern === plain || pattern.startsWith(`${plain}.`));
  };
  expect(honouredFields.filter((field) => !isUsed(field))).toEqual([]);
});

function patterns(value: unknown, at: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => patterns(item, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, member]) => patterns(member, at === '' ? key : `${at}.${key}`))];
}
