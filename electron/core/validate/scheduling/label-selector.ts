// Owns the grammar of label selectors and node selectors (k8s.io/apimachinery, metav1 validation).
// Must not match anything.
import type { Cause } from '../../../api/errors.ts';
import type { LabelSelector, Requirement } from '../../../api/label-match.ts';
import { labelValueErrors, qualifiedNameErrors, subdomainErrors } from '../names.ts';
import { invalid } from '../rule.ts';

/** Kubernetes prints these with their field in front. */
export function fieldError(field: string, text: string): Cause {
  const rule = Object.keys(fixes).find((known) => text.includes(known));
  return invalid(field, `${field}: ${text}`, fixes[rule ?? ''] ?? 'Correct the value.');
}

/** By what the sentence says. */
const fixes: Readonly<Record<string, string>> = {
  'can not be empty': 'Name a label of the nodes, such as kubernetes.io/hostname.',
  'must be specified when': 'Add a value, or use Exists.',
  'may not be specified when': 'Remove the values, or use In.',
  'single value': 'Give one number.',
  'only one value': 'Give one name.',
  'not a valid selector operator': 'Use In, NotIn, Exists or DoesNotExist.',
  'not a valid field selector key': 'Use metadata.name, or matchExpressions for labels.',
  'in the range 1-100': 'Use 1 to 100.',
  'greater than zero': 'Use 1 or more.',
  'at least one node selector term': 'Add a term, or remove the affinity.',
  'name part': "Use letters, digits, '-', '_' and '.', with an optional prefix before '/'.",
};

export function labelSelectorCauses({ matchLabels = {}, matchExpressions = [] }: LabelSelector, path: string): Cause[] {
  return [
    ...Object.entries(matchLabels).flatMap(([key, value]) => [
      ...labelKeyCauses(key, `${path}.matchLabels`),
      ...labelValueErrors(value).map((error) => fieldError(`${path}.matchLabels`, `Invalid value: ${JSON.stringify(value)}: ${error}`)),
    ]),
    ...matchExpressions.flatMap((requirement, index) => requirementCauses(requirement, `${path}.matchExpressions[${index}]`)),
  ];
}

function requirementCauses({ key, operator, values = [] }: Requirement, path: string): Cause[] {
  return [...setOperatorCauses({ operator, values }, path), ...labelKeyCauses(key, `${path}.key`)];
}

function setOperatorCauses({ operator, values }: { readonly operator: string; readonly values: readonly string[] }, path: string): Cause[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return [];
      return [fieldError(`${path}.values`, "Required value: must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return [];
      return [fieldError(`${path}.values`, "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    default:
      return [fieldError(`${path}.operator`, `Invalid value: ${JSON.stringify(operator)}: not a valid selector operator`)];
  }
}

export function labelKeyCauses(key: string, field: string): Cause[] {
  return qualifiedNameErrors(key).map((error) => fieldError(field, `Invalid value: ${JSON.stringify(key)}: ${error}`));
}

/** A term of a node selector: labels, with numbers compared too. */
export function nodeRequirementCauses({ key, operator, values = [] }: Requirement, path: string): Cause[] {
  const numeric = operator === 'Gt' || operator === 'Lt';
  const single =
    numeric && values.length !== 1
      ? [fieldError(`${path}.values`, "Required value: must be specified single value when `operator` is 'Lt' or 'Gt'")]
      : [];
  return [...(numeric ? single : setOperatorCauses({ operator, values }, path)), ...labelKeyCauses(key, `${path}.key`)];
}

/** Kubernetes knows one field of a node: its name. */
export function nodeFieldCauses({ key, operator, values = [] }: Requirement, path: string): Cause[] {
  const oneValue = operator === 'In' || operator === 'NotIn';
  return [
    ...(oneValue && values.length !== 1
      ? [fieldError(`${path}.values`, "Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector")]
      : []),
    ...(oneValue ? [] : [fieldError(`${path}.operator`, `Invalid value: ${JSON.stringify(operator)}: not a valid selector operator`)]),
    ...(key === 'metadata.name'
      ? values.flatMap((value, index) =>
          subdomainErrors(value).map((error) =>
            fieldError(`${path}.values[${index}]`, `Invalid value: ${JSON.stringify(value)}: ${error}`),
          ),
        )
      : [fieldError(`${path}.key`, `Invalid value: ${JSON.stringify(key)}: not a valid field selector key`)]),
  ];
}
