// Owns how the editor looks: PatternFly's tokens, so that light and dark follow the page.
// Must not hold colours of its own; yaml-editor.css does, with their contrast.
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

const token = (name: string): string => `var(--pf-t--global--${name})`;

const rules = {
  '&': {
    height: '100%',
    color: token('text--color--regular'),
    backgroundColor: token('background--color--primary--default'),
    fontSize: token('font--size--body--sm'),
  },
  '&.cm-focused': { outline: `2px solid ${token('border--color--clicked')}`, outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: token('font--family--mono'), lineHeight: '1.5' },
  '.cm-gutters': {
    color: token('text--color--subtle'),
    backgroundColor: token('background--color--secondary--default'),
    borderRight: `1px solid ${token('border--color--default')}`,
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, currentcolor 5%, transparent)' },
  '.cm-activeLineGutter': { color: token('text--color--regular'), backgroundColor: 'transparent' },
  '.cm-cursor': { borderLeftColor: token('text--color--regular') },
  '.cm-tooltip': {
    color: token('text--color--regular'),
    backgroundColor: token('background--color--floating--default'),
    border: `1px solid ${token('border--color--default')}`,
    boxShadow: token('box-shadow--md'),
    maxWidth: '36rem',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: token('text--color--on-brand--default'),
    backgroundColor: token('color--brand--default'),
  },
  '.cm-panel': { padding: '0.5rem', fontFamily: token('font--family--body'), fontSize: token('font--size--body--sm') },
  '.cm-panel input, .cm-panel button, .cm-panel label': { fontSize: 'inherit', fontFamily: 'inherit' },
  '.cm-textfield': {
    padding: '0.25rem 0.5rem',
    color: 'inherit',
    backgroundColor: token('background--color--primary--default'),
    border: `1px solid ${token('border--color--control--default')}`,
    borderRadius: token('border--radius--small'),
  },
  '.cm-button': {
    padding: '0.25rem 0.75rem',
    color: 'inherit',
    background: 'none',
    border: `1px solid ${token('border--color--default')}`,
    borderRadius: token('border--radius--pill'),
  },
  '.cm-panels': { color: token('text--color--regular'), backgroundColor: token('background--color--secondary--default') },
} as const;

export function yamlTheme(dark: boolean): Extension {
  return EditorView.theme(rules, { dark });
}
