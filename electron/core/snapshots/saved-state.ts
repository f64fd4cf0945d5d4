// Owns what a machine remembers while it is suspended to disk: where its memory is, and what the run was made of.
// Must not save or load any.
import { annotations, coreAnnotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { runStrategyOf } from '../../api/lifecycle.ts';
import type { DraftObject, Json } from '../../api/object.ts';
import { ownedBy, type RunContent, runOf, type RunOptions, type VmiDraft } from '../reconcile/vmi-of-vm.ts';
import { timestamp } from '../status/conditions.ts';
import type { NewCondition } from '../status/conditions.ts';
import { vmGenerationAnnotation } from '../status/vm-observed.ts';

/** What the images call it: there is one for a machine. */
export const savedStateTag = 'vd-suspended';

/** On the machine, as JSON. */
export interface SavedState {
  /** Name of the ControllerRevision that holds the run. */
  readonly revision: string;
  /** RFC 3339. */
  readonly time: string;
  /** `Once` is what a start would otherwise forget. */
  readonly runStrategy: string;
  /** Why it could not be loaded. */
  readonly broken?: string;
}

/** What the run was made of, in the ControllerRevision: its devices must be those of its memory, whatever became of the definition. */
export type SavedRun = RunContent;

export function savedStateOf({ metadata }: Pick<VirtualMachine, 'metadata'>): SavedState | undefined {
  const text = metadata.annotations?.[annotations.savedState];
  if (text === undefined) return undefined;
  const value = JSON.parse(text) as Json;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { revision, time, runStrategy, broken } = value as Readonly<Record<string, Json>>;
  if (typeof revision !== 'string' || typeof time !== 'string' || typeof runStrategy !== 'string') return undefined;
  return { revision, time, runStrategy, ...(typeof broken === 'string' ? { broken } : {}) };
}

export function withSavedState(vm: VirtualMachine, state: SavedState | undefined): VirtualMachine {
  const { [annotations.savedState]: _old, ...others } = vm.metadata.annotations ?? {};
  const said = state === undefined ? others : { ...others, [annotations.savedState]: JSON.stringify(state) };
  return { ...vm, metadata: { ...vm.metadata, annotations: said } };
}

export function savedStateAt(vm: VirtualMachine, now: number): SavedState {
  return { revision: `saved-state-${vm.metadata.uid}`, time: timestamp(now), runStrategy: runStrategyOf(vm) };
}

export function savedRunRevision(vm: VirtualMachine, vmi: VirtualMachineInstance, state: SavedState): DraftObject {
  const { namespace, labels } = vmi.metadata;
  const kept = Object.entries(vmi.metadata.annotations ?? {}).filter(
    ([name]) => !coreAnnotations.includes(name) || name === annotations.stateOwner,
  );
  const run: SavedRun = {
    metadata: { ...(labels === undefined ? {} : { labels }), annotations: Object.fromEntries(kept) },
    spec: vmi.spec,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: state.revision,
      ...(namespace === undefined ? {} : { namespace }),
      ownerReferences: [ownedBy(vm)],
    },
    data: run,
    revision: Number(vmi.metadata.annotations?.[vmGenerationAnnotation] ?? 0),
  };
}

/** The run that goes on where it was. */
export function resumedRun(vm: VirtualMachine, { metadata, spec }: SavedRun, { paused }: Pick<RunOptions, 'paused'>): VmiDraft {
  const { startStrategy: _strategy, ...rest } = spec;
  const marked = { ...metadata, annotations: { ...metadata.annotations, [annotations.savedState]: savedStateTag } };
  return runOf(vm, { metadata: marked, spec: rest }, { paused });
}

/** What the machine's status says of it. */
export function savedStateCondition(vm: VirtualMachine): readonly NewCondition[] {
  const state = savedStateOf(vm);
  if (state === undefined) return [];
  if (state.broken !== undefined) {
    const message = `The saved state of ${state.time} could not be loaded: ${state.broken} Discard it to start the machine anew.`;
    return [{ type: 'SavedState', status: 'True', reason: 'CannotBeLoaded', message }];
  }
  return [
    {
      type: 'SavedState',
      status: 'True',
      reason: 'SuspendedToDisk',
      message: `The machine was suspended to disk at ${state.time}. A start goes on where it was.`,
    },
  ];
}
