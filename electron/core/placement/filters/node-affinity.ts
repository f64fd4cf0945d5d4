// Owns what must be true of a node's labels: node selector, processor, whole cores, required node affinity.
// Must not weigh preferences; a score does.
import { meets, type NodeTerm, type Requirement, termFits } from '../../../api/label-match.ts';
import { preferLabel, preferNodes } from '../relaxing.ts';
import { isOfFacts } from '../../../api/node-labels.ts';
import type { Candidate, Filter, NodeAsk, PlacementNode, Refusal } from '../world.ts';

const phrase = "node(s) didn't match Pod's node affinity/selector";
const termsField = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';

export const nodeAffinity: Filter = {
  name: 'NodeAffinity',
  prepare(candidate) {
    const { asks, affinity } = candidate;
    const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    return (node) => [
      ...asks.filter(({ requirement }) => !meets(node.labels, requirement)).map((ask) => refusal(node, ask, candidate)),
      // Terms are ORed: one that fits is enough.
      ...(terms === undefined || terms.some((term) => termFits(term, node)) ? [] : [noTermFits(terms, node, candidate)]),
    ];
  },
};

function refusal({ name, labels }: PlacementNode, { requirement, field }: NodeAsk, candidate: Candidate): Refusal {
  const { key, operator } = requirement;
  const has = Object.hasOwn(labels, key) ? `it has ${key}=${labels[key]}` : `it has no label ${key}`;
  return {
    phrase,
    cause: {
      reason: 'NodeSelectorMismatch',
      field,
      message:
        operator === 'DoesNotExist'
          ? `Node ${name} has the label ${key}, which the machine must not meet.`
          : `Node ${name} does not have ${requirementText(requirement)}: ${has}.`,
      fix:
        fixes.find(({ prefix }) => key.startsWith(prefix))?.fix ?? `Label the node (kubectl label node ${name} ${key}=…), or ask for less.`,
    },
    actions: () => [
      ...(field === 'spec.nodeSelector' ? [preferLabel(candidate, key)] : []),
      ...(isOfFacts(key) || operator !== 'In'
        ? []
        : [{ type: 'LabelNode', node: name, key, value: requirement.values?.[0] ?? '' } as const]),
    ],
  };
}

const fixes: readonly { readonly prefix: string; readonly fix: string }[] = [
  { prefix: 'cpu-model.node.kubevirt.io/', fix: 'Use host-model, or a processor model that a node of this computer can run.' },
  { prefix: 'cpu-feature.node.kubevirt.io/', fix: 'Make the feature optional, or force it.' },
  { prefix: 'cpumanager', fix: 'Reserve cores on a node first: label it cpumanager=true (Nodes, Reserve cores).' },
];

function noTermFits(terms: readonly NodeTerm[], { name }: PlacementNode, candidate: Candidate): Refusal {
  const words = terms.map(({ matchExpressions = [], matchFields = [] }) =>
    [...matchExpressions, ...matchFields].map(requirementText).join(' and '),
  );
  return {
    phrase,
    cause: {
      reason: 'NodeAffinityMismatch',
      field: termsField,
      message: `Node ${name} does not have ${words.join(', or ')}.`,
      fix: 'Make the rule a preference, or label the node.',
    },
    actions: () => [preferNodes(candidate)],
  };
}

function requirementText({ key, operator, values = [] }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(', ')})`;
    case 'NotIn':
      return `${key} other than ${values.join(', ')}`;
    case 'Exists':
      return `the label ${key}`;
    case 'DoesNotExist':
      return `no label ${key}`;
    default:
      return `${key} ${operator === 'Gt' ? '>' : '<'} ${values[0] ?? ''}`;
  }
}
