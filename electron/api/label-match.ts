// Owns whether labels match what a manifest asks: node selector terms and label selectors, with Kubernetes' meaning. The window asks it, too.
// Must not check their grammar; core/validate/scheduling has.

export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

/** Of a node: requirements on its labels, and on its name. */
export interface NodeTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

export type Labels = Readonly<Record<string, string>>;

/** A node selector's requirement. A label that is not there is not in any set, and is neither greater nor less. */
export function meets(labels: Labels, { key, operator, values = [] }: Requirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return compares(value, operator, values[0]);
    default:
      return false;
  }
}

const integer = /^[-+]?\d+$/;

function compares(value: string | undefined, operator: 'Gt' | 'Lt', bound: string | undefined): boolean {
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound)) return false;
  return operator === 'Gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}

/** Expressions are ANDed; a term that says nothing fits no node. */
export function termFits(
  { matchExpressions = [], matchFields = [] }: NodeTerm,
  node: { readonly name: string; readonly labels: Labels },
): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => meets(node.labels, requirement)) &&
    matchFields.every((requirement) => meets({ 'metadata.name': node.name }, requirement))
  );
}

/** An empty selector matches everything; an absent one nothing (metav1.LabelSelectorAsSelector). */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const { matchLabels, matchExpressions } = selector;
  // Without a list of entries: asked of every machine that runs, for each rule.
  if (matchLabels !== undefined)
    for (const key of Object.keys(matchLabels)) if (!Object.hasOwn(labels, key) || labels[key] !== matchLabels[key]) return false;
  return matchExpressions === undefined || matchExpressions.every((requirement) => meets(labels, requirement));
}
