// Owns creating the objects of a YAML stream one after the other, and telling how far it came.
// Must not undo what was created: each object was wanted by itself.
import { useCallback, useState } from 'react';
import type { Cause } from '../../../electron/api/errors.ts';
import { ApiError } from '../../client/api-error.ts';
import { useClient } from '../../client/context.tsx';
import type { FieldProblem } from '../../ui/yaml-editor/yaml-problems.ts';
import type { YamlDraft } from './yaml-drafts.ts';

export interface YamlCreation {
  readonly working: boolean;
  /** `Kind name` of what was created by this page, in order. */
  readonly made: readonly string[];
  readonly error: unknown;
  readonly problems: readonly FieldProblem[];
  /** Resolves to the machine that was made, if one was, when everything was created. */
  readonly create: (drafts: readonly YamlDraft[]) => Promise<{ readonly done: boolean; readonly machine?: YamlDraft }>;
  readonly forget: () => void;
}

interface State {
  readonly working: boolean;
  readonly made: readonly string[];
  readonly error: unknown;
  readonly problems: readonly FieldProblem[];
}
const idle: State = { working: false, made: [], error: undefined, problems: [] };

export function useYamlCreation(): YamlCreation {
  const client = useClient();
  const [state, setState] = useState<State>(idle);
  const create = useCallback(
    async (drafts: readonly YamlDraft[]) => {
      setState((last) => ({ ...last, working: true, error: undefined, problems: [] }));
      const made: string[] = [];
      for (const { resource, draft, document } of drafts) {
        try {
          // oxlint-disable-next-line no-await-in-loop -- later objects may need earlier ones, and the first refusal ends it.
          await client.create(resource, draft);
          made.push(`${draft.kind} ${draft.metadata.name ?? draft.metadata.generateName ?? ''}`);
        } catch (error) {
          setState({ working: false, made, error, problems: problemsOf(error, document) });
          return { done: false };
        }
      }
      setState({ ...idle, made });
      const machine = drafts.find(({ draft }) => draft.kind === 'VirtualMachine');
      return { done: true, ...(machine === undefined ? {} : { machine }) };
    },
    [client],
  );
  const forget = useCallback(() => setState((last) => ({ ...last, error: undefined, problems: [] })), []);
  return { ...state, create, forget };
}

function problemsOf(error: unknown, document: number): readonly FieldProblem[] {
  const causes: readonly Cause[] = error instanceof ApiError ? error.causes : [];
  return causes.map(({ field, message, fix }) => ({ field, message, document, ...(fix === undefined ? {} : { fix }) }));
}
