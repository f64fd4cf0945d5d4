// Owns the table of server-side apply: who wrote what before, what is applied, what comes of it.
// Must not go through a server.
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../electron/api/object.ts';
import { applied, conflictMessage } from '../../../electron/core/ownership/apply.ts';
import { fieldPaths, fieldSetOf, fieldsV1 } from '../../../electron/core/ownership/field-set.ts';
import { fieldsOf } from '../../../electron/core/ownership/fields.ts';
import { listShapesOf } from '../../../electron/core/ownership/list-shapes.ts';
import { afterUpdate, entriesOf, type Manager, managersOf, type Writer } from '../../../electron/core/ownership/managers.ts';

const shapeAt = listShapesOf('VirtualMachineInstance');
const time = '2026-01-02T03:04:05Z';

function applier(manager: string): Writer {
  return { manager, operation: 'Apply', apiVersion: 'v1' };
}

function updater(manager: string): Writer {
  return { manager, operation: 'Update', apiVersion: 'v1' };
}

/** A history: each step applies or writes; the last one's outcome counts. */
interface Step {
  readonly by: Writer;
  /** What is applied, or what the object is to be. */
  readonly value: JsonObject;
  readonly force?: boolean;
}

interface State {
  readonly object: JsonObject;
  readonly managers: readonly Manager[];
}

function after(steps: readonly Step[]): State {
  return steps.reduce<State>(
    ({ object, managers }, { by, value, force = false }) => {
      if (by.operation === 'Update')
        return { object: value, managers: afterUpdate(managers, { before: object, after: value, by, time, shapeAt }) };
      const outcome = applied({ live: object, config: value, managers, by, force, time, shapeAt });
      if (!outcome.ok) throw new Error(conflictMessage(outcome.conflicts));
      return outcome;
    },
    { object: {}, managers: [] },
  );
}

function owned({ managers }: State): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(managers.map(({ manager, operation, fields }) => [`${manager} ${operation}`, fieldPaths(fields)]));
}

const claims = (...items: readonly Json[]): JsonObject => ({ spec: { resourceClaims: items } });

test.each<{ readonly name: string; readonly steps: readonly Step[]; readonly object: JsonObject; readonly owned: object }>([
  {
    name: 'a first apply makes the object and owns its leaves',
    steps: [
      { by: applier('a'), value: { apiVersion: 'v1', kind: 'X', metadata: { name: 'n', labels: { l: '1' } }, spec: { x: 1, list: [1] } } },
    ],
    object: { apiVersion: 'v1', kind: 'X', metadata: { name: 'n', labels: { l: '1' } }, spec: { x: 1, list: [1] } },
    owned: { 'a Apply': ['.metadata.labels.l', '.spec.x', '.spec.list'] },
  },
  {
    name: 'what the next apply leaves out goes, with the map that it empties',
    steps: [
      { by: applier('a'), value: { spec: { x: 1, deep: { y: 2 } } } },
      { by: applier('a'), value: { spec: { x: 1 } } },
    ],
    object: { spec: { x: 1 } },
    owned: { 'a Apply': ['.spec.x'] },
  },
  {
    name: 'what somebody else holds, too, stays',
    steps: [
      { by: applier('a'), value: { spec: { x: 1, y: 2 } } },
      { by: applier('b'), value: { spec: { y: 2 } } },
      { by: applier('a'), value: { spec: { x: 1 } } },
    ],
    object: { spec: { x: 1, y: 2 } },
    owned: { 'b Apply': ['.spec.y'], 'a Apply': ['.spec.x'] },
  },
  {
    name: 'the same value is no conflict: both hold it',
    steps: [
      { by: updater('a'), value: { spec: { x: 1 } } },
      { by: applier('b'), value: { spec: { x: 1 } } },
    ],
    object: { spec: { x: 1 } },
    owned: { 'a Update': ['.spec.x'], 'b Apply': ['.spec.x'] },
  },
  {
    name: 'force takes it over',
    steps: [
      { by: applier('a'), value: { spec: { x: 1, y: 1 } } },
      { by: applier('b'), value: { spec: { x: 2 } }, force: true },
    ],
    object: { spec: { x: 2, y: 1 } },
    owned: { 'a Apply': ['.spec.y'], 'b Apply': ['.spec.x'] },
  },
  {
    name: 'a plain write takes what it changes, and nothing else',
    steps: [
      { by: applier('a'), value: { spec: { x: 1, y: 1 } } },
      { by: updater('b'), value: { spec: { x: 2, y: 1 } } },
    ],
    object: { spec: { x: 2, y: 1 } },
    owned: { 'a Apply': ['.spec.y'], 'b Update': ['.spec.x'] },
  },
  {
    name: 'what a plain write removes belongs to nobody',
    steps: [
      { by: applier('a'), value: { spec: { x: 1, deep: { y: 1 } } } },
      { by: updater('b'), value: { spec: { x: 1 } } },
    ],
    object: { spec: { x: 1 } },
    owned: { 'a Apply': ['.spec.x'] },
  },
  {
    name: 'a list without keys is one value',
    steps: [
      { by: applier('a'), value: { spec: { list: [1, 2] } } },
      { by: applier('a'), value: { spec: { list: [2] } } },
    ],
    object: { spec: { list: [2] } },
    owned: { 'a Apply': ['.spec.list'] },
  },
  {
    name: 'items with keys are merged, and go with their manager',
    steps: [
      { by: applier('a'), value: claims({ name: 'one', x: 1 }, { name: 'two' }) },
      { by: applier('b'), value: claims({ name: 'one', y: 2 }, { name: 'three' }) },
      { by: applier('a'), value: claims({ name: 'one', x: 1 }) },
    ],
    object: claims({ name: 'one', x: 1, y: 2 }, { name: 'three' }),
    owned: {
      'b Apply': [
        '.spec.resourceClaims[name="one"]',
        '.spec.resourceClaims[name="one"].name',
        '.spec.resourceClaims[name="one"].y',
        '.spec.resourceClaims[name="three"]',
        '.spec.resourceClaims[name="three"].name',
      ],
      'a Apply': ['.spec.resourceClaims[name="one"]', '.spec.resourceClaims[name="one"].name', '.spec.resourceClaims[name="one"].x'],
    },
  },
  {
    name: 'finalizers are a set',
    steps: [
      { by: applier('a'), value: { metadata: { finalizers: ['a/x'] } } },
      { by: applier('b'), value: { metadata: { finalizers: ['b/y'] } } },
      { by: applier('a'), value: {} },
    ],
    object: { metadata: { finalizers: ['b/y'] } },
    owned: { 'b Apply': ['.metadata.finalizers[="b/y"]'] },
  },
])('$name', ({ steps, object, owned: expected }) => {
  const state = after(steps);
  expect(state.object).toEqual(object);
  expect(owned(state)).toEqual(expected);
});

describe('conflicts', () => {
  test.each([
    {
      name: 'one',
      before: { spec: { x: 1 } },
      config: { spec: { x: 2 } },
      message: 'Apply failed with 1 conflict: conflict with "a" using v1: .spec.x',
    },
    {
      name: 'several',
      before: { spec: { x: 1, y: 1 } },
      config: { spec: { x: 2, y: 2 } },
      message: 'Apply failed with 2 conflicts: conflicts with "a" using v1:\n- .spec.x\n- .spec.y',
    },
  ])('$name', ({ before, config, message }) => {
    expect(() =>
      after([
        { by: updater('a'), value: before },
        { by: applier('b'), value: config },
      ]),
    ).toThrow(message);
  });
});

test('fields survive the wire', () => {
  const set = fieldsOf(
    { spec: { resourceClaims: [{ name: 'a', x: 1 }], empty: {} }, metadata: { finalizers: ['f'] } },
    { shapeAt, path: '' },
  );
  expect(fieldSetOf(fieldsV1(set))).toEqual(set);
  expect(fieldsV1(set)).toEqual({
    'f:metadata': { 'f:finalizers': { 'v:"f"': {} } },
    'f:spec': { 'f:empty': {}, 'f:resourceClaims': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:x': {} } } },
  });
});

test.each([
  { name: 'no step', value: { 'x:y': {} } },
  { name: 'a key that is no JSON', value: { 'k:{': {} } },
  { name: 'a list', value: [] },
  { name: 'a value in place of fields', value: { 'f:spec': 1 } },
])('$name is no FieldsV1', ({ value }) => expect(fieldSetOf(value as Json)).toBeUndefined());

test('a client may forget all managers, and cannot by accident', () => {
  expect(managersOf([{}])).toEqual([]);
  expect(managersOf([])).toBeUndefined();
  expect(managersOf([{ manager: 'a' }])).toBeUndefined();
});

test('a hundred names that write become ten', () => {
  let managers: readonly Manager[] = [];
  for (let index = 0; index < 100; index++) {
    const by = updater(`client-${index}`);
    const at = `2026-01-01T00:00:${String(index % 60).padStart(2, '0')}Z`;
    managers = afterUpdate(managers, {
      before: { spec: { n: index } },
      after: { spec: { n: index + 1, [`f${index}`]: 1 } },
      by,
      time: at,
      shapeAt,
    });
  }
  expect(managers.length).toBeLessThanOrEqual(10);
  expect(entriesOf(managers).some(({ manager }) => manager === 'ancient-changes')).toBe(true);
});
