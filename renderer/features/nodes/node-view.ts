// Owns a node as the window shows it: what it has, what is promised of it, what it says of itself.
// Must not place machines.
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { isFinal, phaseOf } from '../../../electron/api/lifecycle.ts';
import type { Condition } from '../../../electron/api/object.ts';
import { mebibytesOf, milliOf } from '../../../electron/api/quantity.ts';
import { machineSize } from '../../client/machine-size.ts';

export interface Promised {
  readonly promised: number;
  readonly allocatable: number;
}

export interface NodeView {
  readonly name: string;
  readonly isReady: boolean;
  readonly cpus: Promised;
  readonly memoryMiB: Promised;
  readonly machines: readonly { readonly namespace: string; readonly name: string }[];
  readonly accelerator?: string;
  readonly architecture?: string;
  readonly capacity: readonly { readonly name: string; readonly capacity: string; readonly allocatable: string }[];
  readonly conditions: readonly Condition[];
  readonly taints: readonly string[];
  /** Labels that a person may have written or read; the thousands of CPU models and features are counted apart. */
  readonly labels: readonly string[];
  readonly cpuModels: readonly string[];
  readonly cpuFeatures: readonly string[];
}

const modelPrefix = 'cpu-model.node.kubevirt.io/';
const featurePrefix = 'cpu-feature.node.kubevirt.io/';

export function nodeView(node: Node, vmis: readonly VirtualMachineInstance[]): NodeView {
  const { metadata, spec, status } = node;
  const labels = metadata.labels ?? {};
  const here = vmis.filter((vmi) => vmi.status?.nodeName === metadata.name && !isFinal(phaseOf(vmi)));
  const sizes = here.map((vmi) => machineSize(vmi.spec));
  const { capacity = {}, allocatable = {}, conditions = [] } = status ?? {};
  const named = (prefix: string): readonly string[] =>
    Object.keys(labels)
      .filter((label) => label.startsWith(prefix))
      .map((label) => label.slice(prefix.length))
      .toSorted();
  return {
    name: metadata.name,
    isReady: conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    cpus: { promised: sum(sizes.map(({ vcpus }) => vcpus)), allocatable: (milliOf(allocatable['cpu']) ?? 0) / 1000 },
    memoryMiB: { promised: sum(sizes.map(({ memoryMiB = 0 }) => memoryMiB)), allocatable: mebibytesOf(allocatable['memory']) ?? 0 },
    machines: here.map((vmi) => ({ namespace: vmi.metadata.namespace ?? '', name: vmi.metadata.name })),
    accelerator: labels['virtdeck.io/accelerator'],
    architecture: labels['kubernetes.io/arch'],
    capacity: Object.keys(capacity).map((name) => ({ name, capacity: capacity[name] ?? '', allocatable: allocatable[name] ?? '' })),
    conditions: conditions as readonly Condition[],
    taints: (spec.taints ?? []).map(({ key, value, effect }) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`),
    labels: Object.entries(labels)
      .filter(([label]) => !label.startsWith(modelPrefix) && !label.startsWith(featurePrefix))
      .map(([label, value]) => `${label}=${value}`)
      .toSorted(),
    cpuModels: named(modelPrefix),
    cpuFeatures: named(featurePrefix),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
