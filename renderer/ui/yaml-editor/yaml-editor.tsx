// Owns the YAML editor: CodeMirror in React, with the schema's help and the causes where they belong.
// Must not save, fetch or translate: everything comes in and goes out by props.
import './yaml-editor.css';
import { basicSetup } from 'codemirror';
import { yaml } from '@codemirror/lang-yaml';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef, useState } from 'react';
import { indentingEnter, marksGutter, phrases as phrasesOf, saveKey, schemaHelp, showMarks, styleNonce } from './editor-extensions.ts';
import type { SchemaBook } from './schema-book.ts';
import type { EditorPhrases } from './words.ts';
import { yamlHighlight } from './yaml-highlight.ts';
import { type FieldProblem, problemMarks, syntaxMarks } from './yaml-problems.ts';
import { yamlTheme } from './yaml-theme.ts';

export interface YamlEditorProps {
  readonly value: string;
  /** For people who do not see it. */
  readonly label: string;
  readonly dark: boolean;
  /** Absent: read-only. */
  readonly onChange?: (text: string) => void;
  /** Ctrl+S. */
  readonly onSave?: () => void;
  /** Without it there is no completion and no explanation. */
  readonly book?: SchemaBook;
  readonly problems?: readonly FieldProblem[];
  readonly phrases?: EditorPhrases;
}

const none: readonly FieldProblem[] = [];

export function YamlEditor(props: YamlEditorProps) {
  const { value, label, dark, onChange, onSave, book, problems = none, phrases } = props;
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView>();
  const [changeable] = useState(() => new Compartment());
  // What the listeners call: the newest, without making the editor anew.
  const hands = useRef({ onChange, onSave });
  useEffect(() => {
    hands.current = { onChange, onSave };
  });

  useEffect(() => {
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        extensions: [
          changeable.of([]),
          styleNonce(document),
          indentingEnter(),
          basicSetup,
          yaml(),
          yamlHighlight(),
          marksGutter(),
          saveKey(() => hands.current.onSave?.()),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) hands.current.onChange?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    setView(made);
    return () => made.destroy();
  }, [changeable]);

  const readOnly = onChange === undefined;
  useEffect(() => {
    view?.dispatch({ effects: changeable.reconfigure(extensionsFor({ label, dark, readOnly, book, phrases })) });
  }, [view, changeable, label, dark, readOnly, book, phrases]);

  useEffect(() => {
    if (view === undefined || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [view, value]);

  useEffect(() => {
    view?.dispatch(showMarks(view.state, [...syntaxMarks(value), ...problemMarks(value, problems)]));
  }, [view, value, problems]);

  return <div ref={place} className="vd-yaml" />;
}

interface Changeable {
  readonly label: string;
  readonly dark: boolean;
  readonly readOnly: boolean;
  readonly book: SchemaBook | undefined;
  readonly phrases: EditorPhrases | undefined;
}

function extensionsFor({ label, dark, readOnly, book, phrases }: Changeable): Extension {
  return [
    yamlTheme(dark),
    // A read-only text can still be reached and read by keyboard.
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label, 'aria-readonly': String(readOnly) }),
    book === undefined || readOnly ? [] : schemaHelp(book),
    phrases === undefined ? [] : phrasesOf(phrases),
  ];
}
