// Owns a node as the window shows it: what it has, what is promised of it, what it says of itself.
// Must not place machines.
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { MappedNode } from '../../../electron/api/node-map.ts';
import { isOfFacts } from '../../../electron/api/node-labels.ts';
import type { Condition } from '../../../electron/api/object.ts';
import { mebibytesOf, milliOf } from '../../../electron/api/quantity.ts';

export interface Promised {
  readonly promised: number;
  readonly allocatable: number;
}

export interface MachineOfNode {
  readonly namespace: string;
  readonly name: string;
  /** What is set aside for it, guest and what runs it. */
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Processors that it has for itself, by Linux' numbers. */
  readonly ownCpus: readonly number[];
}

export interface NodeView {
  readonly name: string;
  readonly isReady: boolean;
  readonly isSchedulable: boolean;
  readonly cpus: Promised;
  readonly memoryMiB: Promised;
  readonly machines: readonly MachineOfNode[];
  readonly accelerator?: string;
  readonly architecture?: string;
  readonly capacity: readonly { readonly name: string; readonly capacity: string; readonly allocatable: string }[];
  readonly conditions: readonly Condition[];
  readonly taints: readonly string[];
  /** Written by a person: they can be changed. */
  readonly labels: readonly string[];
  /** They follow from facts; the CPU models and features are counted apart. */
  readonly factLabels: readonly string[];
  readonly cpuModels: readonly string[];
  readonly cpuFeatures: readonly string[];
}

const modelPrefix = 'cpu-model.node.kubevirt.io/';
const featurePrefix = 'cpu-feature.node.kubevirt.io/';

/** `mapped` is undefined until the map has come. */
export function nodeView(node: Node, mapped: MappedNode | undefined): NodeView {
  const { metadata, spec, status } = node;
  const labels = metadata.labels ?? {};
  const machines = (mapped?.machines ?? []).map(({ namespace, name, requests }): MachineOfNode => ({
    namespace,
    name,
    cpus: (milliOf(requests['cpu']) ?? 0) / 1000,
    memoryMiB: mebibytesOf(requests['memory']) ?? 0,
    ownCpus: (mapped?.processors ?? [])
      .filter(({ owner }) => owner.type === 'machine' && owner.namespace === namespace && owner.name === name)
      .map(({ id }) => id),
  }));
  const { capacity = {}, allocatable = {}, conditions = [] } = status ?? {};
  const named = (prefix: string): readonly string[] =>
    Object.keys(labels)
      .filter((label) => label.startsWith(prefix))
      .map((label) => label.slice(prefix.length))
      .toSorted();
  const texts = (isWanted: (label: string) => boolean): readonly string[] =>
    Object.entries(labels)
      .filter(([label]) => isWanted(label))
      .map(([label, value]) => `${label}=${value}`)
      .toSorted();
  return {
    name: metadata.name,
    isReady: conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    isSchedulable: spec.unschedulable !== true,
    cpus: { promised: sum(machines.map(({ cpus }) => cpus)), allocatable: (milliOf(allocatable['cpu']) ?? 0) / 1000 },
    memoryMiB: { promised: sum(machines.map(({ memoryMiB }) => memoryMiB)), allocatable: mebibytesOf(allocatable['memory']) ?? 0 },
    machines,
    accelerator: labels['virtdeck.io/accelerator'],
    architecture: labels['kubernetes.io/arch'],
    capacity: Object.keys(capacity).map((name) => ({ name, capacity: capacity[name] ?? '', allocatable: allocatable[name] ?? '' })),
    conditions: conditions as readonly Condition[],
    taints: (spec.taints ?? []).map(({ key, value, effect }) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`),
    labels: texts((label) => !isOfFacts(label)),
    factLabels: texts((label) => isOfFacts(label) && !label.startsWith(modelPrefix) && !label.startsWith(featurePrefix)),
    cpuModels: named(modelPrefix),
    cpuFeatures: named(featurePrefix),
  };
}

function sum(numbers: readonly number[]): number {
  return Math.round(numbers.reduce((total, number) => total + number, 0) * 1000) / 1000;
}
