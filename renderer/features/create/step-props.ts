// Owns what every step of the wizard gets.
// Must not hold anything of one step.
import type { CreateForm } from './form.ts';
import type { Change } from './form-changes.ts';
import type { World } from './suggestions.ts';
import type { Problem } from './validation.ts';

export interface StepProps {
  readonly form: CreateForm;
  readonly world: World;
  readonly change: (change: Change) => void;
  /** Those of this step that are to be shown now. */
  readonly problems: readonly Problem[];
}
