// Owns what holds for every apply, whatever the objects: no exception, twice is once, nothing of others is lost, the record survives the wire.
// Must not hold single cases.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../electron/api/object.ts';
import { applied } from '../../../electron/core/ownership/apply.ts';
import { difference, fieldSetOf, fieldsV1, intersection, isEmpty, sameFields, union } from '../../../electron/core/ownership/field-set.ts';
import { fieldsOf } from '../../../electron/core/ownership/fields.ts';
import { listShapesOf } from '../../../electron/core/ownership/list-shapes.ts';
import { afterUpdate, entriesOf, type Manager, managersOf, type Writer } from '../../../electron/core/ownership/managers.ts';

const shapeAt = listShapesOf('VirtualMachineInstance');
const time = '2026-01-02T03:04:05Z';
const walk = { shapeAt, path: '' };

// Few names, so that objects meet; odd ones among them.
const name = fc.constantFrom('a', 'b', 'c', 'x.y/z', '__proto__', '.', 'f:a');
const scalar = fc.oneof(fc.constantFrom<Json>('', 'v', 0, 1, true, false), fc.string({ maxLength: 3 }));
const { value } = fc.letrec<{ value: Json; map: JsonObject }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, tie('map'), fc.array(scalar, { maxLength: 3 })),
  map: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
}));
const claim = fc.record({ name: fc.constantFrom('one', 'two', 'three'), request: scalar }, { requiredKeys: ['name'] });
const object: fc.Arbitrary<JsonObject> = fc.record(
  {
    // Whatever is applied names its object, so that metadata are never empty.
    metadata: fc.record(
      {
        name: fc.constant('n'),
        labels: fc.dictionary(name, fc.string({ maxLength: 2 })),
        finalizers: fc.uniqueArray(fc.constantFrom('p', 'q', 'r')),
      },
      { requiredKeys: ['name'] },
    ),
    spec: fc.record({ resourceClaims: fc.uniqueArray(claim, { selector: (one) => one.name }), free: value }, { requiredKeys: [] }),
  },
  { requiredKeys: ['metadata'] },
);

function applier(manager: string): Writer {
  return { manager, operation: 'Apply', apiVersion: 'v1' };
}

interface Told {
  readonly object: JsonObject;
  readonly managers: readonly Manager[];
}

function forced({ object: live, managers }: Told, manager: string, config: JsonObject): Told {
  const outcome = applied({ live, config, managers, by: applier(manager), force: true, time, shapeAt });
  if (!outcome.ok) throw new Error('force never conflicts');
  return outcome;
}

function owned(managers: readonly Manager[], manager: string): Manager['fields'] {
  return managers.find((one) => one.manager === manager)?.fields ?? { self: false, children: new Map() };
}

const history = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), object), { minLength: 1, maxLength: 5 });

function after(steps: readonly (readonly [string, JsonObject])[]): Told {
  return steps.reduce<Told>((told, [manager, config]) => forced(told, manager, config), { object: {}, managers: [] });
}

test('applying twice is applying once', () => {
  fc.assert(
    fc.property(history, fc.constantFrom('a', 'b'), object, (steps, manager, config) => {
      const once = forced(after(steps), manager, config);
      const twice = forced(once, manager, config);
      expect(twice.object).toEqual(once.object);
      expect(sameFields(owned(twice.managers, manager), owned(once.managers, manager))).toBe(true);
    }),
  );
});

test('what is applied is there, and what others hold stays there', () => {
  fc.assert(
    fc.property(history, object, (steps, config) => {
      const before = after(steps);
      const { object: now, managers } = forced(before, 'new', config);
      const there = fieldsOf(now, walk, true);
      const wanted = owned(managers, 'new');
      expect(isEmpty(difference(wanted, there))).toBe(true);
      for (const { fields } of managers) expect(isEmpty(difference(fields, there))).toBe(true);
    }),
  );
});

test('two who were forced apart share nothing that differs', () => {
  fc.assert(
    fc.property(object, object, (one, two) => {
      const first = forced({ object: {}, managers: [] }, 'a', one);
      const second = forced(first, 'b', two);
      const shared = intersection(owned(second.managers, 'a'), owned(second.managers, 'b'));
      // What both hold has the value of both: applying the first again changes nothing of it.
      const again = applied({ live: second.object, config: one, managers: second.managers, by: applier('a'), force: true, time, shapeAt });
      if (!again.ok) throw new Error('force never conflicts');
      const kept = intersection(owned(again.managers, 'b'), shared);
      expect(sameFields(kept, shared)).toBe(true);
    }),
  );
});

test('a plain write is recorded without an exception, and its record survives the wire', () => {
  fc.assert(
    fc.property(history, object, (steps, next) => {
      const { object: before, managers } = after(steps);
      const told = afterUpdate(managers, { before, after: next, by: { ...applier('u'), operation: 'Update' }, time, shapeAt });
      const back = managersOf(JSON.parse(JSON.stringify(entriesOf(told))) as readonly unknown[]) ?? [];
      expect(back.map(({ manager }) => manager)).toEqual(told.map(({ manager }) => manager));
      told.forEach(({ fields }, index) => expect(sameFields(back[index]?.fields ?? fields, fields)).toBe(true));
    }),
  );
});

test('the algebra of sets', () => {
  fc.assert(
    fc.property(object, object, (one, two) => {
      const [a, b] = [fieldsOf(one, walk), fieldsOf(two, walk)];
      expect(sameFields(union(difference(a, b), intersection(a, b)), a)).toBe(true);
      expect(isEmpty(intersection(difference(a, b), b))).toBe(true);
      expect(sameFields(fieldSetOf(fieldsV1(a)) ?? b, a)).toBe(true);
    }),
  );
});
