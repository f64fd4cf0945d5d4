// Owns the form while the wizard is open: changes, suggestions, and which problems are shown by now.
// Must not know any step's fields.
import { useCallback, useMemo, useState } from 'react';
import { type CreateForm, emptyForm, type StepId } from './form.ts';
import { type Change, changed } from './form-changes.ts';
import { suggestedPassword, withSuggestions, type World } from './suggestions.ts';
import { allProblems, type Problem } from './validation.ts';

export interface CreateFormState {
  readonly form: CreateForm;
  readonly world: World;
  readonly change: (change: Change) => void;
  readonly problems: readonly Problem[];
  /** What the fields of a step show: everything once it was tried to leave it, before that only what was really written. */
  readonly shown: (step: StepId) => readonly Problem[];
  readonly attempt: (step: StepId) => void;
  readonly attempted: ReadonlySet<StepId>;
  /** Something would be lost by closing. */
  readonly dirty: boolean;
}

/** Nothing is wrong with a field that was not reached yet. */
const unwritten: ReadonlySet<Problem['code']> = new Set([
  'addressMissing',
  'imageMissing',
  'pathMissing',
  'folderMissing',
  'pathNotInspected',
  'uploadMissing',
  'claimMissing',
  'networkUrlMissing',
  'networkMissing',
  'nameMissing',
  'userDataMissing',
]);

/** Where a machine of this computer is not what is made. */
export interface CreateFormVariant {
  readonly start: () => CreateForm;
  /** Must be stable (useCallback). */
  readonly judge: (form: CreateForm, world: World) => readonly Problem[];
}

const ofThisComputer: CreateFormVariant = { start: emptyForm, judge: allProblems };

export function useCreateForm(world: World, { start, judge }: CreateFormVariant = ofThisComputer): CreateFormState {
  const [raw, setRaw] = useState(() => withPassword(start()));
  const [attempted, setAttempted] = useState<ReadonlySet<StepId>>(new Set());
  const [dirty, setDirty] = useState(false);
  const form = useMemo(() => withSuggestions(raw, world), [raw, world]);
  const problems = useMemo(() => judge(form, world), [form, world, judge]);
  const change = useCallback((next: Change) => {
    setDirty(true);
    setRaw((last) => changed(last, next));
  }, []);
  const shown = useCallback(
    (step: StepId) => problems.filter((problem) => problem.step === step && (attempted.has(step) || !unwritten.has(problem.code))),
    [problems, attempted],
  );
  const attempt = useCallback((step: StepId) => setAttempted((last) => new Set([...last, step])), []);
  return { form, world, change, problems, shown, attempt, attempted, dirty };
}

/** A password is suggested, so that next, next, finish gives a machine that can be logged in to. */
function withPassword(form: CreateForm): CreateForm {
  const password = suggestedPassword((length) => crypto.getRandomValues(new Uint8Array(length)));
  return { ...form, account: { ...form.account, password } };
}
