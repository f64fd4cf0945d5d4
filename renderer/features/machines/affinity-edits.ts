// Owns a machine's affinity as a list of rules that are edited one by one, and back.
// Must not place anything; the core does.
import type { Requirement } from '../../../electron/api/label-match.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { JsonObject } from '../../../electron/api/object.ts';
import { isLabelKey, isLabelValue } from '../../ui/label-lines.ts';
import { type Patch, specOf, unchanged } from './machine-edits.ts';

export const ruleTypes = ['nodeAffinity', 'podAffinity', 'podAntiAffinity'] as const;
export type RuleType = (typeof ruleTypes)[number];

/** Several values are parted by commas. */
export type ExpressionRow = Readonly<Record<'key' | 'operator' | 'values', string>>;

export interface AffinityRule {
  readonly type: RuleType;
  readonly isRequired: boolean;
  /** 1 to 100, of a preference. */
  readonly weight: number;
  /** Of rules about other machines: within what they are together. */
  readonly topologyKey: string;
  /** Of the node's labels, or of the other machines'. */
  readonly expressions: readonly ExpressionRow[];
  /** Of the node itself: `metadata.name`. */
  readonly fields: readonly ExpressionRow[];
  /** What no field is for: projects, for one. It goes along. */
  readonly kept: JsonObject;
}

export const newExpression: ExpressionRow = { key: '', operator: 'In', values: '' };
export const newRule: AffinityRule = {
  type: 'nodeAffinity',
  isRequired: false,
  weight: 1,
  topologyKey: 'kubernetes.io/hostname',
  expressions: [newExpression],
  fields: [],
  kept: {},
};

export const nodeOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const;
/** Of other machines' labels nothing is greater or less. */
export const machineOperators = nodeOperators.slice(0, 4);

interface Term {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

interface CompanyTerm {
  readonly topologyKey?: string;
  readonly labelSelector?: Term & { readonly matchLabels?: Readonly<Record<string, string>> };
}

export function affinityRules(vm: VirtualMachine): readonly AffinityRule[] {
  const { nodeAffinity, podAffinity, podAntiAffinity } = specOf(vm).affinity ?? {};
  return [
    ...(nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []).map((term) => nodeRule(term)),
    ...(nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, preference }) => nodeRule(preference, weight)),
    ...(['podAffinity', 'podAntiAffinity'] as const).flatMap((type) => {
      const rules = type === 'podAffinity' ? podAffinity : podAntiAffinity;
      return [
        ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => companyRule(type, term)),
        ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
          companyRule(type, podAffinityTerm, weight),
        ),
      ];
    }),
  ];
}

function nodeRule({ matchExpressions = [], matchFields = [] }: Term, weight?: number): AffinityRule {
  const terms = { expressions: matchExpressions.map(rowOf), fields: matchFields.map(rowOf) };
  return { ...newRule, isRequired: weight === undefined, weight: weight ?? 1, ...terms };
}

function companyRule(type: RuleType, term: CompanyTerm, weight?: number): AffinityRule {
  const { topologyKey = '', labelSelector, ...kept } = term;
  const { matchLabels = {}, matchExpressions = [] } = labelSelector ?? {};
  const labels = Object.entries(matchLabels).map(([key, values]) => ({ key, operator: 'In', values }));
  const expressions = [...labels, ...matchExpressions.map(rowOf)];
  return { ...newRule, type, isRequired: weight === undefined, weight: weight ?? 1, topologyKey, expressions, kept };
}

function rowOf({ key, operator, values = [] }: Requirement): ExpressionRow {
  return { key, operator, values: values.join(', ') };
}

export function requirementOf({ key, operator, values }: ExpressionRow): Requirement {
  const list = valuesOf(values);
  return { key, operator, ...(takesValues(operator) ? { values: list } : {}) };
}

export function takesValues(operator: string): boolean {
  return operator !== 'Exists' && operator !== 'DoesNotExist';
}

function valuesOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

export function areValues({ operator, values }: ExpressionRow): boolean {
  const list = valuesOf(values);
  if (!takesValues(operator)) return true;
  if (operator === 'Gt' || operator === 'Lt') return list.length === 1 && list.every((value) => /^[-+]?\d+$/.test(value));
  return list.length > 0 && list.every(isLabelValue);
}

/** A rule about nothing is refused by Kubernetes, or means something else than it looks. */
export function isRule({ type, isRequired, weight, topologyKey, expressions, fields }: AffinityRule): boolean {
  const isWeight = isRequired || (Number.isInteger(weight) && weight >= 1 && weight <= 100);
  const isPlace = type === 'nodeAffinity' || isLabelKey(topologyKey);
  const rows = [...expressions, ...(type === 'nodeAffinity' ? fields : [])];
  return isWeight && isPlace && rows.length > 0 && expressions.every(isExpression) && rows.every(areValues);
}

function isExpression({ key }: ExpressionRow): boolean {
  return isLabelKey(key);
}

/** Terms of required node rules: one that fits is enough. */
export function requiredTerms(rules: readonly AffinityRule[]): readonly Term[] {
  return rules.filter(({ type, isRequired }) => type === 'nodeAffinity' && isRequired).map(termOf);
}

function termOf({ expressions, fields }: AffinityRule): Term {
  return {
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions.map(requirementOf) }),
    ...(fields.length === 0 ? {} : { matchFields: fields.map(requirementOf) }),
  };
}

function companyTerm({ topologyKey, expressions, kept }: AffinityRule): object {
  return { ...kept, topologyKey, labelSelector: { matchExpressions: expressions.map(requirementOf) } };
}

/** Absent where there is no rule. */
export function affinityOf(rules: readonly AffinityRule[]): JsonObject | undefined {
  if (rules.length === 0) return undefined;
  const of = (type: RuleType, isRequired: boolean): readonly AffinityRule[] =>
    rules.filter((rule) => rule.type === type && rule.isRequired === isRequired);
  const terms = requiredTerms(rules);
  const preferences = of('nodeAffinity', false).map((rule) => ({ weight: rule.weight, preference: termOf(rule) }));
  const node = {
    ...(terms.length === 0 ? {} : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } }),
    ...(preferences.length === 0 ? {} : { preferredDuringSchedulingIgnoredDuringExecution: preferences }),
  };
  const company = (type: RuleType): object => {
    const required = of(type, true).map(companyTerm);
    const preferred = of(type, false).map((rule) => ({ weight: rule.weight, podAffinityTerm: companyTerm(rule) }));
    return {
      ...(required.length === 0 ? {} : { requiredDuringSchedulingIgnoredDuringExecution: required }),
      ...(preferred.length === 0 ? {} : { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
    };
  };
  const parts = { nodeAffinity: node, podAffinity: company('podAffinity'), podAntiAffinity: company('podAntiAffinity') };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)) as unknown as JsonObject;
}

export function affinityPatch(vm: VirtualMachine, rules: readonly AffinityRule[]): Patch {
  const path = '/spec/template/spec/affinity';
  const old = specOf(vm).affinity;
  const value = affinityOf(rules);
  if (value === undefined) return old === undefined ? [] : [...unchanged(path, old), { op: 'remove', path }];
  return [...unchanged(path, old), { op: 'add', path, value }];
}
