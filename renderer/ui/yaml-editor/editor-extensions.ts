// Owns the joints between CodeMirror and the help: completion, hover, marks, keys.
// Must not decide what is offered or marked.
import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, Prec, type TransactionSpec } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap } from '@codemirror/view';
import type { SchemaBook } from './schema-book.ts';
import type { EditorPhrases } from './words.ts';
import { explanationAt, type Offer, offersAt } from './yaml-help.ts';
import { indentAfterKey } from './yaml-indent.ts';
import type { Mark } from './yaml-problems.ts';

export function schemaHelp(book: SchemaBook): Extension {
  return [autocompletion({ override: [(context) => complete(context, book)], icons: false }), hover(book)];
}

function complete(context: CompletionContext, book: SchemaBook): CompletionResult | null {
  const { doc } = context.state;
  const line = doc.lineAt(context.pos);
  const help = offersAt(doc.toString(), { row: line.number - 1, column: context.pos - line.from }, book);
  if (help === undefined) return null;
  const from = line.from + Math.min(help.wordColumn, context.pos - line.from);
  // Not while blanks are typed: only for the beginning of a word, or when asked.
  if (!context.explicit && from === context.pos) return null;
  return { from, options: help.offers.map(completion), validFor: /^[\w.-]*$/ };
}

function completion({ label, insert, type, description, required }: Offer): Completion {
  return {
    label,
    apply: insert,
    detail: required ? `${type} *` : type,
    boost: required ? 50 : 0,
    ...(description === undefined ? {} : { info: () => explanation(label, description) }),
  };
}

function hover(book: SchemaBook): Extension {
  return hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    const found = explanationAt(view.state.doc.toString(), { row: line.number - 1, column: position - line.from }, book);
    if (found === undefined) return null;
    return { pos: position, above: true, create: () => ({ dom: explanation(`${found.path}: ${found.type}`, found.description) }) };
  });
}

function explanation(title: string, description: string): HTMLElement {
  const box = document.createElement('div');
  box.className = 'vd-yaml-explanation';
  const strong = document.createElement('strong');
  strong.textContent = title;
  box.append(strong, `\n${description}`);
  return box;
}

/** The gutter takes its place only when there is something to say. */
export function marksGutter(): Extension {
  return lintGutter();
}

export function showMarks(state: EditorState, marks: readonly Mark[]): TransactionSpec {
  const length = state.doc.length;
  const diagnostics = marks.map(({ from, to, severity, message }): Diagnostic => ({
    from: Math.min(from, length),
    to: Math.min(to, length),
    severity,
    message,
  }));
  return setDiagnostics(state, diagnostics);
}

export function saveKey(save: () => void): Extension {
  return keymap.of([
    {
      key: 'Mod-s',
      preventDefault: true,
      run() {
        save();
        return true;
      },
    },
  ]);
}

/** A key without a value is about to get children: the language package would go on beside it. */
export function indentingEnter(): Extension {
  const press = (view: EditorView): boolean => {
    const { state } = view;
    const { head, empty } = state.selection.main;
    const line = state.doc.lineAt(head);
    const columns = empty ? indentAfterKey(line.text.slice(0, head - line.from)) : undefined;
    if (columns === undefined || state.readOnly) return false;
    view.dispatch(state.replaceSelection(`\n${' '.repeat(columns)}`), { scrollIntoView: true, userEvent: 'input' });
    return true;
  };
  return Prec.high(keymap.of([{ key: 'Enter', run: press }]));
}

export function phrases(words: EditorPhrases): Extension {
  return EditorState.phrases.of({ ...words });
}

/** xterm and CodeMirror make <style> elements; this page's nonce lets the CSP allow CodeMirror's. */
export function styleNonce(page: Document): Extension {
  const nonce = page.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  return nonce === undefined ? [] : EditorView.cspNonce.of(nonce);
}
