// Owns the rows of editing a stored object while it changes elsewhere.
// Must not need a browser.
import { describe, expect, test } from 'vitest';
import {
  collides,
  draftOf,
  editableText,
  isDirty,
  openDocument,
  overrule,
  takeStored,
  withStored,
} from '../../../renderer/ui/yaml-editor/document-state.ts';

function stored(version: number, { cores = 1, phase = 'Stopped' } = {}): object {
  return {
    status: { printableStatus: phase },
    spec: { cores },
    metadata: { name: 'web', uid: 'u', resourceVersion: String(version), generation: version, creationTimestamp: 't', labels: { a: 'b' } },
    kind: 'VirtualMachine',
    apiVersion: 'kubevirt.io/v1',
  };
}
const text = (cores: number) =>
  `apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata:\n  name: web\n  labels:\n    a: b\nspec:\n  cores: ${cores}\n`;

test('the text has what a user may edit, in the usual order', () => {
  expect(editableText(stored(1))).toBe(text(1));
});

describe('a change elsewhere', () => {
  const opened = openDocument(stored(1));
  const edited = { ...opened, text: text(4) };
  test.each([
    { name: 'is followed while nothing is edited', state: withStored(opened, stored(2, { cores: 2 })), want: [text(2), false, false, '2'] },
    {
      name: 'of the status alone keeps edits and moves the version',
      state: withStored(edited, stored(2, { phase: 'Running' })),
      want: [text(4), true, false, '2'],
    },
    { name: 'of the same field collides', state: withStored(edited, stored(2, { cores: 2 })), want: [text(4), true, true, '2'] },
    {
      name: 'that is what was typed is no collision',
      state: withStored(edited, stored(2, { cores: 4 })),
      want: [text(4), false, false, '2'],
    },
    { name: 'can be overruled', state: overrule(withStored(edited, stored(2, { cores: 2 }))), want: [text(4), true, false, '2'] },
    { name: 'can be taken', state: takeStored(withStored(edited, stored(2, { cores: 2 }))), want: [text(2), false, false, '2'] },
  ])('$name', ({ state, want }) => {
    expect([state.text, isDirty(state), collides(state), state.version]).toEqual(want);
  });
});

describe('draftOf', () => {
  const opened = openDocument(stored(7));
  test('carries identity and version, whatever the text says of them', () => {
    expect(draftOf({ ...opened, text: text(2) })).toEqual({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'web', labels: { a: 'b' }, uid: 'u', resourceVersion: '7' },
      spec: { cores: 2 },
    });
  });
  test.each(['', '- a', 'a: [', 'a: 1\n---\nb: 2', 'just words', 'a: *nobody'])('%j is not sent', (wrong) => {
    expect(draftOf({ ...opened, text: wrong })).toBeUndefined();
  });
});
