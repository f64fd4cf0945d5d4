// Owns the colours' places: which parts of a YAML text are keys, texts, values, comments and marks.
// Must not hold colours; yaml-editor.css does.
import { HighlightStyle, syntaxHighlighting, syntaxTree } from '@codemirror/language';
import type { Extension, Range } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const classes = ['key', 'text', 'value', 'comment', 'mark'] as const;
type Class = (typeof classes)[number];

const decorations = Object.fromEntries(classes.map((name) => [name, Decoration.mark({ class: `vd-yaml-${name}` })])) as Readonly<
  Record<Class, Decoration>
>;

/** Names of the nodes of @lezer/yaml. */
const byNode: Readonly<Record<string, Class>> = {
  Comment: 'comment',
  QuotedLiteral: 'text',
  BlockLiteralContent: 'text',
  BlockLiteralHeader: 'mark',
  Anchor: 'mark',
  Alias: 'mark',
  Tag: 'mark',
  DirectiveEnd: 'mark',
  DocEnd: 'mark',
};

/** YAML 1.2's core schema: what is no text when it stands bare. */
const bareValue = /^(true|false|null|~|[-+]?(\d[\d_]*|0x[\da-f]+|0o[0-7]+|(\d*\.)?\d+(e[-+]?\d+)?|\.inf)|\.nan)$/i;

export function yamlHighlight(): Extension {
  // basicSetup's own colours are for light pages alone; an empty style keeps them out.
  return [syntaxHighlighting(HighlightStyle.define([])), plugin];
}

const plugin = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = marks(view);
    }
    update(update: ViewUpdate): void {
      const parsedMore = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || parsedMore) this.decorations = marks(update.view);
    }
  },
  { decorations: (value) => value.decorations },
);

function marks(view: EditorView): DecorationSet {
  const found: Range<Decoration>[] = [];
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        const name = node.name === 'Literal' ? literalClass(view, node) : node.name === 'Key' ? 'key' : byNode[node.name];
        if (name !== undefined && node.from < node.to) found.push(decorations[name].range(node.from, node.to));
        // A key's literal is the key.
        return node.name !== 'Key';
      },
    });
  }
  return Decoration.set(found, true);
}

function literalClass(view: EditorView, { from, to }: { readonly from: number; readonly to: number }): Class {
  return bareValue.test(view.state.sliceDoc(from, to)) ? 'value' : 'text';
}
