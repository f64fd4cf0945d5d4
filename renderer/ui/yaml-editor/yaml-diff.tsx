// Owns two YAML texts side by side with their differences.
// Must not decide which one wins.
import './yaml-editor.css';
import { basicSetup } from 'codemirror';
import { yaml } from '@codemirror/lang-yaml';
import { MergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { phrases as phrasesOf, styleNonce } from './editor-extensions.ts';
import type { EditorPhrases } from './words.ts';
import { yamlHighlight } from './yaml-highlight.ts';
import { yamlTheme } from './yaml-theme.ts';

export interface YamlDiffProps {
  readonly left: { readonly text: string; readonly label: string };
  readonly right: { readonly text: string; readonly label: string };
  readonly dark: boolean;
  readonly phrases?: EditorPhrases;
}

/** Both sides are read-only; equal parts are folded away. */
export function YamlDiff({ left, right, dark, phrases }: YamlDiffProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const side = (label: string): Extension => [
      styleNonce(document),
      basicSetup,
      yaml(),
      yamlHighlight(),
      yamlTheme(dark),
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label, 'aria-readonly': 'true' }),
      phrases === undefined ? [] : phrasesOf(phrases),
    ];
    const view = new MergeView({
      parent: place.current!,
      a: { doc: left.text, extensions: side(left.label) },
      b: { doc: right.text, extensions: side(right.label) },
      collapseUnchanged: { margin: 3, minSize: 6 },
      gutter: true,
    });
    return () => view.destroy();
  }, [left.text, left.label, right.text, right.label, dark, phrases]);
  return <div ref={place} className="vd-yaml-diff" />;
}
