// Owns Kubernetes' grammar of names, label keys and label values, with its sentences (k8s.io/apimachinery/pkg/util/validation).
// Must not know which field a name stands in.

const labelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainPattern = `${labelPattern}(\\.${labelPattern})*`;
const qualifiedPattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValuePattern = `(${qualifiedPattern})?`;

const labelGrammar = whole(labelPattern);
const subdomainGrammar = whole(subdomainPattern);
const qualifiedGrammar = whole(qualifiedPattern);
const labelValueGrammar = whole(labelValuePattern);

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

/** Sentences; none when the text is an RFC 1123 label. */
export function labelNameErrors(text: string): string[] {
  return [
    ...tooLong(text, 63),
    ...mismatch(labelGrammar.test(text), {
      rule: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
      pattern: labelPattern,
      examples: ['my-name', '123-abc'],
    }),
  ];
}

/** Sentences; none when the text is an RFC 1123 subdomain. */
export function subdomainErrors(text: string): string[] {
  return [
    ...tooLong(text, 253),
    ...mismatch(subdomainGrammar.test(text), {
      rule: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
      pattern: subdomainPattern,
      examples: ['example.com'],
    }),
  ];
}

/** A label or annotation key: `name` or `prefix/name`. */
export function qualifiedNameErrors(text: string): string[] {
  const parts = text.split('/');
  const grammar = {
    rule: "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    pattern: qualifiedPattern,
    examples: ['MyName', 'my.name', '123-abc'],
  };
  if (parts.length > 2) {
    return [
      `a qualified name ${mismatch(false, { ...grammar, rule: grammar.rule.replace('name part ', '') }).join('')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [prefix, name = ''] = parts.length === 2 ? parts : [undefined, parts[0]];
  return [
    ...(prefix === undefined ? [] : prefixErrors(prefix)),
    ...(name === '' ? ['name part must be non-empty'] : tooLong(name, 63).map((error) => `name part ${error}`)),
    ...mismatch(qualifiedGrammar.test(name), grammar),
  ];
}

function prefixErrors(prefix: string): string[] {
  return prefix === '' ? ['prefix part must be non-empty'] : subdomainErrors(prefix).map((error) => `prefix part ${error}`);
}

export function labelValueErrors(text: string): string[] {
  return [
    ...tooLong(text, 63),
    ...mismatch(labelValueGrammar.test(text), {
      rule: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
      pattern: labelValuePattern,
      examples: ['MyValue', 'my_value', '12345'],
    }),
  ];
}

function tooLong(text: string, limit: number): string[] {
  return text.length > limit ? [`must be no more than ${limit} characters`] : [];
}

interface Grammar {
  readonly rule: string;
  readonly pattern: string;
  readonly examples: readonly string[];
}

function mismatch(matches: boolean, { rule, pattern, examples }: Grammar): string[] {
  if (matches) return [];
  // Two blanks after "or's" comma: Kubernetes' own formatting.
  const listed = examples.map((example) => `'${example}', `).join(' or ');
  return [`${rule} (e.g. ${listed}regex used for validation is '${pattern}')`];
}
