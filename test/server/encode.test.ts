// Owns how often an object is written.
import { expect, test } from 'vitest';
import type { KubeObject } from '../../electron/api/object.ts';
import { createTexts } from '../../electron/server/encode.ts';

interface Counted {
  readonly object: KubeObject & { note: string };
  readonly writes: () => number;
}

function counted(): Counted {
  let writes = 0;
  const metadata = { name: 'web', uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '' };
  const object = {
    apiVersion: 'v1',
    kind: 'X',
    metadata,
    note: 'old',
    get written() {
      writes += 1;
      return true;
    },
  };
  return { object, writes: () => writes };
}

test('a frozen object is written once', () => {
  const { object, writes } = counted();
  Object.freeze(object);
  const textOf = createTexts();
  expect(textOf(object)).toBe(textOf(object));
  expect(writes()).toBe(1);
});

test('an object that may still change is written each time', () => {
  const { object } = counted();
  const textOf = createTexts();
  textOf(object);
  object.note = 'new';
  expect(textOf(object)).toContain('"note":"new"');
});
