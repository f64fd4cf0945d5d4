// Owns finding the translation of what the core says: the English sentence is the key, as in gettext, with its values taken out.
// Must not hold any sentence: messages/en/core.json has the English ones, as the core writes them (a test compares).

/** English templates by key: `The disk {{name}} is made with the machine.` */
export type Templates = Readonly<Record<string, string>>;

/** Where a translation keeps the sentences that it is of: who reads English needs neither. */
export const sourceNamespace = 'coreSource';

export interface Found {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly key: string;
  readonly expression: RegExp;
  readonly literalLength: number;
}

const placeholder = /\{\{(\w+)\}\}/g;

/** Which template a sentence was made from; of several the one that says most itself. */
export function sentenceFinder(templates: Templates): (sentence: string) => Found | undefined {
  const patterns = Object.entries(templates)
    .map(([key, template]) => patternOf(key, template))
    .toSorted((a, b) => b.literalLength - a.literalLength);
  const known = new Map<string, Found | undefined>();
  return (sentence) => {
    if (known.has(sentence)) return known.get(sentence);
    const found = search(patterns, sentence);
    // Sentences hold sizes and percentages: they do not come back for ever.
    if (known.size >= maxKnown) known.clear();
    known.set(sentence, found);
    return found;
  };
}

export function filled(template: string, values: Found['values']): string {
  return template.replaceAll(placeholder, (_all, name: string) => values[name] ?? '');
}

const maxKnown = 500;

function search(patterns: readonly Pattern[], sentence: string): Found | undefined {
  for (const { key, expression } of patterns) {
    const match = expression.exec(sentence);
    if (match !== null) return { key, values: { ...match.groups } };
  }
  return undefined;
}

function patternOf(key: string, template: string): Pattern {
  const literal = template.replaceAll(placeholder, '');
  const source = template
    .split(/(\{\{\w+\}\})/)
    .map((part) => (part.startsWith('{{') ? `(?<${part.slice(2, -2)}>.+?)` : part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)))
    .join('');
  return { key, expression: new RegExp(`^${source}$`, 's'), literalLength: literal.length };
}
