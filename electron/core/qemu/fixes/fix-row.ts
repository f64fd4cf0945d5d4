// Owns the shape of what is offered for a reason, and the few ways in which a machine is changed by it.
// Must not know any reason.
import type { Cause } from '../../../api/errors.ts';
import type { FixAction } from '../../../api/fix-actions.ts';
import type { JsonPatchOperation } from '../../../api/json-patch.ts';
import type { Json } from '../../../api/object.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts } from '../../facts.ts';

export interface Asked {
  readonly vmi: VirtualMachineInstance;
  readonly facts: LaunchFacts;
  readonly cause: Cause;
  /** Numbers in the cause's field, in order: of the disk, of the volume. */
  readonly indexes: readonly number[];
}

export interface FixRow {
  readonly reason: string | readonly string[];
  readonly field: RegExp;
  readonly offer: (asked: Asked) => readonly FixAction[];
}

export function change(label: string, ...patch: readonly JsonPatchOperation[]): FixAction {
  return { type: 'PatchMachine', label, patch };
}

export function added(path: string, value: Json): JsonPatchOperation {
  return { op: 'add', path, value };
}

export function removed(path: string): JsonPatchOperation {
  return { op: 'remove', path };
}

/** The place in a list is only an address: the name proves that it is still the same. */
export function stillNamed(path: string, name: string): JsonPatchOperation {
  return { op: 'test', path: `${path}/name`, value: name };
}
