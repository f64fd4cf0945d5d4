// Owns a machine's tolerations as rows that are typed in.
// Must not judge nodes; api/tolerations.ts does.
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { Toleration } from '../../../electron/api/tolerations.ts';
import { isLabelKey, isLabelValue } from '../../ui/label-lines.ts';
import { type Patch, specOf, unchanged } from './machine-edits.ts';

/** `effect` is empty for every effect. `seconds` has no field: it only goes along. */
export type TolerationRow = Readonly<Record<'key' | 'operator' | 'value' | 'effect' | 'seconds', string>>;

export const newToleration: TolerationRow = { key: '', operator: 'Equal', value: '', effect: 'NoSchedule', seconds: '' };

export const tolerationEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

export function tolerationRows(vm: VirtualMachine): readonly TolerationRow[] {
  return (specOf(vm).tolerations ?? []).map(({ key = '', operator = 'Equal', value = '', effect = '', tolerationSeconds }) => ({
    key,
    operator,
    value,
    effect,
    seconds: tolerationSeconds === undefined ? '' : String(tolerationSeconds),
  }));
}

/** Only Exists may leave the key out, and has no value. */
export function isToleration({ key, operator, value }: TolerationRow): boolean {
  if (operator === 'Exists') return (key === '' || isLabelKey(key)) && value === '';
  return isLabelKey(key) && isLabelValue(value);
}

export function tolerationsOf(rows: readonly TolerationRow[]): readonly Toleration[] {
  return rows.map(({ key, operator, value, effect, seconds }) => ({
    ...(key === '' ? {} : { key }),
    operator,
    ...(value === '' ? {} : { value }),
    ...(effect === '' ? {} : { effect }),
    ...(seconds === '' ? {} : { tolerationSeconds: Number(seconds) }),
  }));
}

/** An empty list is taken away. */
export function tolerationsPatch(vm: VirtualMachine, rows: readonly TolerationRow[]): Patch {
  const path = '/spec/template/spec/tolerations';
  const old = specOf(vm).tolerations;
  if (rows.length === 0) return old === undefined ? [] : [...unchanged(path, old), { op: 'remove', path }];
  return [...unchanged(path, old), { op: 'add', path, value: tolerationsOf(rows).map((toleration) => ({ ...toleration })) }];
}
