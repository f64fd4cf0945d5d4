// Owns turning what a machine demands of its place into what it would rather have.
// Must not decide whether that helps.
import type { FixAction } from '../../api/fix-actions.ts';
import type { JsonPatchOperation } from '../../api/json-patch.ts';
import type { Json } from '../../api/object.ts';
import type { Affinity, Candidate } from './world.ts';

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>;
type NodeTerm = NonNullable<NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']>['nodeSelectorTerms'][number];

/** The most that a preference can weigh. */
const fullWeight = 100;

/** One label of the node selector becomes a preference. */
export function preferLabel({ nodeSelector = {}, affinity = {} }: Candidate, key: string): FixAction {
  const { [key]: value = '', ...rest } = nodeSelector;
  const term: NodeTerm = { matchExpressions: [{ key, operator: 'In', values: [value] }] };
  return {
    type: 'PatchMachine',
    label: `Prefer nodes with ${key}=${value} instead of asking for them`,
    patch: [
      ...replaced('/spec/nodeSelector', nodeSelector, rest),
      ...replaced('/spec/affinity', affinity, { ...affinity, nodeAffinity: withPreferred(affinity.nodeAffinity, [term]) }),
    ],
  };
}

/** Terms are ORed: each becomes a preference of its own. */
export function preferNodes({ affinity = {} }: Candidate): FixAction {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, ...rest } = affinity.nodeAffinity ?? {};
  const relaxed = { ...affinity, nodeAffinity: withPreferred(rest, required?.nodeSelectorTerms ?? []) };
  return { type: 'PatchMachine', label: 'Make the node rule a preference', patch: replaced('/spec/affinity', affinity, relaxed) };
}

/** The rule of this number becomes a preference; the others stay. */
export function preferCompany({ affinity = {} }: Candidate, kind: 'podAffinity' | 'podAntiAffinity', index: number): FixAction {
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [], preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } =
    affinity[kind] ?? {};
  const kept = required.filter((_term, at) => at !== index);
  const relaxed = {
    ...affinity,
    [kind]: {
      ...(kept.length === 0 ? {} : { requiredDuringSchedulingIgnoredDuringExecution: kept }),
      preferredDuringSchedulingIgnoredDuringExecution: [
        ...preferred,
        ...required.slice(index, index + 1).map((podAffinityTerm) => ({ weight: fullWeight, podAffinityTerm })),
      ],
    },
  };
  const label = kind === 'podAffinity' ? 'Make “together with” a preference' : 'Make “apart from” a preference';
  return { type: 'PatchMachine', label, patch: replaced('/spec/affinity', affinity, relaxed) };
}

export function tolerate(
  { tolerations }: Candidate,
  taint: { readonly key: string; readonly value?: string; readonly effect: string },
): FixAction {
  const { key, value, effect } = taint;
  const more = value === undefined || value === '' ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect };
  return {
    type: 'PatchMachine',
    label: `Tolerate ${key}`,
    patch: replaced('/spec/tolerations', tolerations, [...tolerations, more]),
  };
}

function withPreferred(affinity: NodeAffinity = {}, terms: readonly NodeTerm[]): NodeAffinity {
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } = affinity;
  return {
    ...affinity,
    preferredDuringSchedulingIgnoredDuringExecution: [...preferred, ...terms.map((preference) => ({ weight: fullWeight, preference }))],
  };
}

/** Refused when somebody changed it meanwhile. What was empty is not tested: it may not be there. */
function replaced(path: string, old: object, value: object): readonly JsonPatchOperation[] {
  const test: readonly JsonPatchOperation[] = Object.keys(old).length === 0 ? [] : [{ op: 'test', path, value: old as Json }];
  const isEmpty = Object.keys(value).length === 0;
  return [...test, isEmpty ? { op: 'remove', path } : { op: 'add', path, value: value as Json }];
}
