// Owns a node's taints as rows that are typed in.
// Must not save.
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { JsonPatchOperation } from '../../../electron/api/json-patch.ts';
import { type Taint, type Toleration, tolerates } from '../../../electron/api/tolerations.ts';
import { isLabelKey, isLabelValue } from '../../ui/label-lines.ts';

export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

export type TaintRow = Readonly<Record<'key' | 'value' | 'effect', string>>;

export const newTaint: TaintRow = { key: '', value: '', effect: 'NoSchedule' };

export function taintRows({ spec }: Node): readonly TaintRow[] {
  return (spec.taints ?? []).map(({ key, value = '', effect }) => ({ key, value, effect }));
}

/** The same key and effect twice is refused by Kubernetes. */
export function areTaints(rows: readonly TaintRow[]): boolean {
  const names = rows.map(({ key, effect }) => `${key}:${effect}`);
  return rows.every(({ key, value }) => isLabelKey(key) && isLabelValue(value)) && new Set(names).size === names.length;
}

/** Machines on the node that would be shut down for it, at once or after a while. */
export function evictedBy(rows: readonly TaintRow[], machines: readonly VirtualMachineInstance[], node: string): readonly string[] {
  const taints = rows.filter(({ key, effect }) => key !== '' && effect === 'NoExecute');
  return machines
    .filter(({ status, spec }) => {
      const isHere = status?.nodeName === node && status.phase === 'Running';
      return isHere && taints.some((taint) => !isKeptForEver(spec.tolerations ?? [], taint));
    })
    .map(({ metadata }) => metadata.name)
    .toSorted();
}

/** Of several that fit the first counts, as for the core. */
function isKeptForEver(tolerations: readonly Toleration[], taint: Taint): boolean {
  const kept = tolerations.find((each) => tolerates(each, taint));
  return kept !== undefined && kept.tolerationSeconds === undefined;
}

/** Refused when somebody else changed them meanwhile. */
export function taintsPatch({ spec }: Node, rows: readonly TaintRow[]): readonly JsonPatchOperation[] {
  const value = rows.map(({ key, value: text, effect }) => ({ key, ...(text === '' ? {} : { value: text }), effect }));
  const old = spec.taints?.map((taint) => ({ ...taint }));
  return [
    ...(old === undefined ? [] : [{ op: 'test', path: '/spec/taints', value: old } as const]),
    { op: 'add', path: '/spec/taints', value },
  ];
}
