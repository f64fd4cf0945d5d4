// Owns the rows of what can be taken back, and why not.
// Must not write anything.
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../electron/api/object.ts';
import { type Recorded, restorePlan, undoPlan, type UndoFacts } from '../../../electron/core/history/undo.ts';

const resource = 'virtualmachines.kubevirt.io';
const draft = (cpu: number) => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'web', namespace: 'default' },
  spec: { cpu },
});
const object = (cpu: number, uid = 'u', deletionTimestamp?: string): KubeObject => ({
  ...draft(cpu),
  metadata: {
    ...draft(cpu).metadata,
    uid,
    resourceVersion: '9',
    generation: 3,
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  },
  status: { ready: true },
});
const going = object(1, 'u', '2026-01-01T00:00:00Z');
const update: Recorded = { operation: 'update', resource, name: 'web', uid: 'u', before: draft(1), after: draft(2) };
const creation: Recorded = { operation: 'create', resource, name: 'web', uid: 'u', after: draft(1) };
const deletion: Recorded = { operation: 'delete', resource, name: 'web', uid: 'u', before: draft(1) };
const of = (recorded: Recorded, other: string): Recorded => ({ ...recorded, resource: other });
const claims = 'persistentvolumeclaims';

interface UndoRow {
  readonly name: string;
  readonly recorded: Recorded;
  readonly facts: Partial<UndoFacts>;
  readonly want: string;
}

describe('undo', () => {
  const rows: readonly UndoRow[] = [
    { name: 'an edit', recorded: update, facts: { current: object(2) }, want: 'update 1' },
    {
      name: 'an edit, and another since',
      recorded: update,
      facts: { current: object(3), next: { manager: 'kubectl', at: 'noon' } },
      want: 'ChangedSince web was changed again since, by kubectl at noon.',
    },
    {
      name: 'an edit, changed by nobody known',
      recorded: update,
      facts: { current: object(3) },
      want: 'ChangedSince web was changed again since.',
    },
    { name: 'an edit of what is gone', recorded: update, facts: { current: undefined }, want: 'Gone web is not there any more.' },
    {
      name: 'an edit of what was made anew',
      recorded: update,
      facts: { current: object(2, 'other') },
      want: 'Gone web is not there any more.',
    },
    {
      name: 'an edit that was undone',
      recorded: update,
      facts: { current: object(1), isUndone: true },
      want: 'AlreadyUndone This change was undone already.',
    },
    { name: 'a creation', recorded: creation, facts: { current: object(1) }, want: 'delete' },
    { name: 'a creation of what runs', recorded: creation, facts: { current: object(1), hasRun: true }, want: 'Running web runs.' },
    {
      name: 'a creation, edited since',
      recorded: creation,
      facts: { current: object(2) },
      want: 'ChangedSince web was changed again since.',
    },
    {
      name: 'a creation of a disk',
      recorded: of(creation, claims),
      facts: { current: object(1) },
      want: 'HoldsData Undoing this would delete web and what is in it.',
    },
    { name: 'a deletion', recorded: deletion, facts: { current: undefined }, want: 'create 1' },
    { name: 'a deletion under way', recorded: deletion, facts: { current: going }, want: 'NameTaken web is still being deleted.' },
    {
      name: 'a deletion, and the name is taken',
      recorded: deletion,
      facts: { current: object(1, 'other') },
      want: 'NameTaken There is another web now.',
    },
    {
      name: 'a deletion of a disk',
      recorded: of(deletion, claims),
      facts: { current: undefined },
      want: 'DataGone What was in web is erased and cannot be brought back.',
    },
    {
      name: 'a Secret',
      recorded: of(update, 'secrets'),
      facts: { current: object(2) },
      want: 'SecretNotKept The values of Secrets are not kept: what was there before is gone.',
    },
  ];
  test.each(rows)('$name', ({ recorded, facts, want }) => {
    expect(words(undoPlan(recorded, { current: undefined, isUndone: false, hasRun: false, ...facts }))).toBe(want);
  });
});

describe('restore', () => {
  test.each([
    { name: 'over later edits', recorded: update, current: object(5), want: 'update 2' },
    { name: 'the version that is there', recorded: update, current: object(2), want: 'IsCurrent web is as it was then.' },
    { name: 'what is gone', recorded: update, current: undefined, want: 'create 2' },
    { name: 'the last version before a deletion', recorded: deletion, current: undefined, want: 'create 1' },
    { name: 'over what bears its name now', recorded: deletion, current: object(4, 'other'), want: 'update 1' },
    { name: 'while it goes', recorded: deletion, current: going, want: 'NameTaken web is still being deleted.' },
    {
      name: 'a disk that is gone',
      recorded: of(update, claims),
      current: undefined,
      want: 'DataGone What was in web is erased and cannot be brought back.',
    },
    {
      name: 'a Secret',
      recorded: of(update, 'secrets'),
      current: object(2),
      want: 'SecretNotKept The values of Secrets are not kept: what was there before is gone.',
    },
  ])('$name', ({ recorded, current, want }) => {
    expect(words(restorePlan(recorded, current))).toBe(want);
  });
});

function words(plan: ReturnType<typeof undoPlan>): string {
  switch (plan.type) {
    case 'refused':
      return `${plan.cause.reason} ${plan.cause.message}`;
    case 'delete':
      return 'delete';
    case 'create':
    case 'update':
      return `${plan.type} ${(plan.draft['spec'] as { readonly cpu: number }).cpu}`;
  }
}
