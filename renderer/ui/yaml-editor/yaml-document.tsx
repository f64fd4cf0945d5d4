// Owns editing one stored object: editor, save, reset, download, and what happens when it changed elsewhere.
// Must not know the API: `save` does, and what it rejects with is shown.
import { ActionList, ActionListGroup, ActionListItem, Alert, AlertActionLink, Button, Stack, StackItem } from '@patternfly/react-core';
import { useState } from 'react';
import { FormFailure } from '../form-failure.tsx';
import { failureOf } from '../notices.tsx';
import { downloadText } from '../download.ts';
import { collides, draftOf, isDirty, openDocument, overrule, takeStored, withStored } from './document-state.ts';
import type { SchemaBook } from './schema-book.ts';
import type { EditorPhrases, YamlWords } from './words.ts';
import { YamlConflict } from './yaml-conflict.tsx';
import { YamlEditor } from './yaml-editor.tsx';
import type { FieldProblem } from './yaml-problems.ts';

export interface YamlDocumentProps {
  /** The stored object as it is now; a new one whenever it changes. */
  readonly object: object;
  /** Replaces the stored object. `draft` carries the resourceVersion it is based on. */
  readonly save: (draft: object) => Promise<unknown>;
  readonly label: string;
  /** Of the downloaded file, e.g. `web.yaml`. */
  readonly fileName: string;
  readonly dark: boolean;
  readonly words: YamlWords;
  readonly phrases?: EditorPhrases;
  readonly book?: SchemaBook;
}

export function YamlDocument({ object, save, label, fileName, dark, words, phrases, book }: YamlDocumentProps) {
  const [seen, setSeen] = useState(object);
  const [state, setState] = useState(() => openDocument(object));
  const [phase, setPhase] = useState<'editing' | 'saving' | 'comparing'>('editing');
  const [error, setError] = useState<unknown>();
  if (seen !== object) {
    setSeen(object);
    setState((last) => withStored(last, object));
  }
  const draft = draftOf(state);
  const dirty = isDirty(state);
  const change = (text: string): void => {
    setError(undefined);
    setState((last) => ({ ...last, text }));
  };
  const saveNow = async (): Promise<void> => {
    if (draft === undefined || !dirty || phase === 'saving') return;
    if (collides(state)) return setPhase('comparing');
    setPhase('saving');
    try {
      await save(draft);
      setState((last) => ({ ...last, base: state.text }));
      setError(undefined);
    } catch (problem) {
      setError(problem);
    }
    setPhase('editing');
  };
  if (phase === 'comparing') {
    const leave = (next: typeof state): void => {
      setState(next);
      setPhase('editing');
    };
    const choose = {
      onKeepMine: () => leave(overrule(state)),
      onTakeStored: () => leave(takeStored(state)),
      onBack: () => setPhase('editing'),
    };
    return <YamlConflict state={state} dark={dark} words={words} phrases={phrases} {...choose} />;
  }
  return (
    <Stack hasGutter className="vd-yaml-document">
      {collides(state) && (
        <StackItem>
          <Alert
            isInline
            component="h2"
            variant="warning"
            title={words('changed.title')}
            actionLinks={<AlertActionLink onClick={() => setPhase('comparing')}>{words('compare')}</AlertActionLink>}
          >
            {words('changed.body')}
          </Alert>
        </StackItem>
      )}
      {error !== undefined && (
        <StackItem>
          <FormFailure title={words('refused')} failure={failureOf(error)} />
        </StackItem>
      )}
      <StackItem isFilled className="vd-yaml-fill">
        <YamlEditor
          value={state.text}
          label={label}
          dark={dark}
          book={book}
          phrases={phrases}
          problems={problemsOf(error)}
          onChange={change}
          onSave={() => void saveNow()}
        />
      </StackItem>
      <StackItem>
        <ActionList>
          <ActionListGroup>
            <ActionListItem>
              <Button isDisabled={!dirty || draft === undefined} isLoading={phase === 'saving'} onClick={() => void saveNow()}>
                {words('save')}
              </Button>
            </ActionListItem>
            <ActionListItem>
              <Button variant="secondary" isDisabled={!dirty} onClick={() => setState(takeStored(state))}>
                {words('reset')}
              </Button>
            </ActionListItem>
            <ActionListItem>
              <Button variant="secondary" onClick={() => downloadText(fileName, state.text)}>
                {words('download')}
              </Button>
            </ActionListItem>
            <ActionListItem className="vd-yaml-status">
              <span role="status" className="vd-subtle">
                {draft === undefined ? words('notOneDocument') : dirty ? words('unsaved') : words('saved')}
              </span>
            </ActionListItem>
          </ActionListGroup>
        </ActionList>
      </StackItem>
    </Stack>
  );
}

const none: readonly FieldProblem[] = [];

/** Causes of a refusal, whatever error class carries them. */
function problemsOf(error: unknown): readonly FieldProblem[] {
  return error instanceof Error && 'causes' in error && Array.isArray(error.causes) ? (error.causes as readonly FieldProblem[]) : none;
}
