// Owns doing things in order, and undoing them in reverse when one fails.
// Must not know what the things are.

export interface Step<State> {
  readonly name: string;
  /** Answers what the later steps, and the undoing, need to know. */
  readonly run: (state: State) => Promise<State>;
  /** Must bear that `run` was broken off in the middle. */
  readonly undo?: (state: State) => Promise<void>;
}

export interface StepsOptions<State> {
  readonly steps: readonly Step<State>[];
  readonly start: State;
  /** An undo that fails does not keep the others from running. */
  readonly onUndoFailure: (step: string, error: unknown) => void;
}

/** Rejects with the failure of the step that failed, after everything was undone. */
export async function runSteps<State>({ steps, start, onUndoFailure }: StepsOptions<State>): Promise<State> {
  let state = start;
  const begun: Step<State>[] = [];
  try {
    for (const step of steps) {
      begun.push(step);
      state = await step.run(state);
    }
    return state;
  } catch (error) {
    for (const step of begun.toReversed()) {
      try {
        await step.undo?.(state);
      } catch (undoError) {
        onUndoFailure(step.name, undoError);
      }
    }
    throw error;
  }
}
