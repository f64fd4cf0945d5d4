// Owns which properties of a machine can be edited by a dialog, and how each turns a draft into a patch.
// Must not draw the fields.
import { type RunStrategy, runStrategyOf } from '../../../electron/api/lifecycle.ts';
import type { FirmwareState } from '../../../electron/api/firmware-state.ts';
import { labelsOf } from '../../ui/label-lines.ts';
import type { TpmChoice } from '../../ui/tpm-choice.ts';
import { firmwareOf, firmwarePatch, tpmChoice, tpmPatch } from './firmware-edits.ts';
import {
  type BootDevice,
  bootDevices,
  bootOrderPatch,
  cpuPatch,
  descriptionPatch,
  labelsPatch,
  memoryPatch,
  type Patch,
  runStrategyPatch,
  type Topology,
} from './machine-edits.ts';
import type { MachineView } from './machine-view.ts';
import { isProcessorDraftValid, type ProcessorDraft, processorDraft, processorPatch } from './processor-edits.ts';
import { hasOwnCores, nodeSelectorPatch, nodeSelectorText, ownCoresPatch } from './scheduling-edits.ts';

/** What each dialog edits. */
export interface Drafts {
  readonly description: string;
  /** One `key=value` a line. */
  readonly labels: string;
  readonly cpu: Topology;
  readonly memory: { readonly amount: number; readonly unit: 'MiB' | 'GiB' };
  readonly runStrategy: RunStrategy;
  readonly boot: readonly BootDevice[];
  readonly firmware: FirmwareState;
  readonly tpm: TpmChoice;
  /** One `key=value` a line. */
  readonly nodeSelector: string;
  readonly ownCores: boolean;
  readonly processor: ProcessorDraft;
}

export type EditId = keyof Drafts;

export interface Editor<D> {
  /** The guest must be started again to see it. */
  readonly needsRestart: boolean;
  readonly read: (machine: MachineView) => D;
  /** Key under `machines:edit.invalid` when the draft cannot be saved. */
  readonly problem: (draft: D) => 'labels' | 'number' | 'features' | undefined;
  readonly patch: (machine: MachineView, draft: D) => Patch;
}

const fine = (): undefined => undefined;

export const editors: { readonly [Id in EditId]: Editor<Drafts[Id]> } = {
  description: {
    needsRestart: false,
    read: ({ description }) => description ?? '',
    problem: fine,
    patch: ({ vm }, text) => descriptionPatch(vm, text),
  },
  labels: {
    needsRestart: false,
    read: ({ labels }) => labels.join('\n'),
    problem: (text) => (labelsOf(text) === undefined ? 'labels' : undefined),
    patch: ({ vm }, text) => labelsPatch(vm, labelsOf(text) ?? {}),
  },
  cpu: {
    needsRestart: true,
    read: ({ size: { sockets, cores, threads } }) => ({ sockets, cores, threads }),
    problem: (topology) => (Object.values(topology).every(isCount) ? undefined : 'number'),
    patch: ({ vm }, topology) => cpuPatch(vm, topology),
  },
  memory: {
    needsRestart: true,
    read: ({ size: { memoryMiB = 1024 } }) =>
      memoryMiB % 1024 === 0 ? { amount: memoryMiB / 1024, unit: 'GiB' } : { amount: memoryMiB, unit: 'MiB' },
    problem: ({ amount }) => (isCount(amount) ? undefined : 'number'),
    patch: ({ vm }, { amount, unit }) => memoryPatch(vm, `${amount}${unit === 'GiB' ? 'Gi' : 'Mi'}`),
  },
  runStrategy: {
    needsRestart: false,
    read: ({ vm }) => runStrategyOf(vm),
    problem: fine,
    patch: ({ vm }, strategy) => runStrategyPatch(vm, strategy),
  },
  boot: {
    needsRestart: true,
    read: ({ vm }) => bootDevices(vm).ordered,
    problem: fine,
    patch: ({ vm }, ordered) => bootOrderPatch(vm, ordered),
  },
  firmware: {
    needsRestart: true,
    read: ({ vm }) => firmwareOf(vm),
    problem: fine,
    patch: ({ vm }, choice) => firmwarePatch(vm, choice),
  },
  tpm: {
    needsRestart: true,
    read: ({ vm }) => tpmChoice(vm),
    problem: fine,
    patch: ({ vm }, choice) => tpmPatch(vm, choice),
  },
  nodeSelector: {
    needsRestart: true,
    read: ({ vm }) => nodeSelectorText(vm),
    problem: (text) => (labelsOf(text) === undefined ? 'labels' : undefined),
    patch: ({ vm }, text) => nodeSelectorPatch(vm, labelsOf(text) ?? {}),
  },
  ownCores: {
    needsRestart: true,
    read: ({ vm }) => hasOwnCores(vm),
    problem: fine,
    patch: ({ vm }, wanted) => ownCoresPatch(vm, wanted),
  },
  processor: {
    needsRestart: true,
    read: ({ vm }) => processorDraft(vm),
    problem: (draft) => (isProcessorDraftValid(draft) ? undefined : 'features'),
    patch: ({ vm }, draft) => processorPatch(vm, draft),
  },
};

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
