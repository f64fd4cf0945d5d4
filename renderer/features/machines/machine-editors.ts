// Owns which properties of a machine can be edited by a dialog, and how each turns a draft into a patch.
// Must not draw the fields.
import { mebibytesOf } from '../../../electron/api/quantity.ts';
import { type RunStrategy, runStrategyOf } from '../../../electron/api/lifecycle.ts';
import type { FirmwareState } from '../../../electron/api/firmware-state.ts';
import { labelsOf } from '../../ui/label-lines.ts';
import type { TpmChoice } from '../../ui/tpm-choice.ts';
import { machineSize } from '../../client/machine-size.ts';
import { growsAtOnce } from './growth-edits.ts';
import { type AffinityRule, affinityPatch, affinityRules, isRule } from './affinity-edits.ts';
import { firmwareOf, firmwarePatch, tpmChoice, tpmPatch } from './firmware-edits.ts';
import {
  type BootDraft,
  bootDraft,
  bootPatch,
  cpuPatch,
  descriptionPatch,
  labelsPatch,
  memoryPatch,
  type Patch,
  runStrategyPatch,
  type TopologyDraft,
} from './machine-edits.ts';
import type { MachineView } from './machine-view.ts';
import { isProcessorDraftValid, type ProcessorDraft, processorDraft, processorPatch } from './processor-edits.ts';
import { hasOwnCores, nodeSelectorPatch, nodeSelectorText, ownCoresPatch } from './scheduling-edits.ts';
import { areResources, type ResourcesDraft, resourcesDraft, resourcesPatch } from './resource-edits.ts';
import { isToleration, type TolerationRow, tolerationRows, tolerationsPatch } from './toleration-edits.ts';

/** What each dialog edits. */
export interface Drafts {
  readonly description: string;
  /** One `key=value` a line. */
  readonly labels: string;
  readonly cpu: TopologyDraft;
  readonly memory: MemoryDraft;
  readonly runStrategy: RunStrategy;
  readonly boot: BootDraft;
  readonly firmware: FirmwareState;
  readonly tpm: TpmChoice;
  /** One `key=value` a line. */
  readonly nodeSelector: string;
  readonly tolerations: readonly TolerationRow[];
  readonly affinity: readonly AffinityRule[];
  readonly ownCores: boolean;
  readonly resources: ResourcesDraft;
  readonly processor: ProcessorDraft;
}

export interface MemoryDraft {
  readonly amount: number;
  /** What it may grow to while it runs. */
  readonly max: number;
  readonly unit: 'MiB' | 'GiB';
}

export type EditId = keyof Drafts;

export interface Editor<D> {
  /** The guest must be started again to see it. */
  readonly needsRestart: boolean | ((machine: MachineView, draft: D) => boolean);
  readonly read: (machine: MachineView) => D;
  /** Key under `machines:edit.invalid` when the draft cannot be saved. */
  readonly problem: (draft: D) => 'labels' | 'number' | 'features' | 'tolerations' | 'affinity' | 'quantities' | undefined;
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
    needsRestart: (machine, draft) => !growsAtOnce(machine, editors.cpu.patch(machine, draft)),
    read: ({ vm }) => {
      const { sockets, cores, threads } = machineSize(vm.spec.template.spec);
      return { sockets, cores, threads, maxSockets: Math.max(sockets, vm.spec.template.spec?.domain.cpu?.maxSockets ?? 0) };
    },
    problem: (topology) => (Object.values(topology).every(isCount) ? undefined : 'number'),
    patch: ({ vm }, topology) => cpuPatch(vm, topology),
  },
  memory: {
    needsRestart: (machine, draft) => !growsAtOnce(machine, editors.memory.patch(machine, draft)),
    read: ({ vm }) => {
      const spec = vm.spec.template.spec;
      const { memoryMiB = 1024 } = machineSize(spec);
      const maxMiB = Math.max(memoryMiB, mebibytesOf(spec?.domain.memory?.maxGuest) ?? 0);
      const inGiB = memoryMiB % 1024 === 0 && maxMiB % 1024 === 0;
      return { amount: inGiB ? memoryMiB / 1024 : memoryMiB, max: inGiB ? maxMiB / 1024 : maxMiB, unit: inGiB ? 'GiB' : 'MiB' };
    },
    problem: ({ amount, max }) => (isCount(amount) && isCount(max) ? undefined : 'number'),
    patch: ({ vm }, { amount, max, unit }) => {
      const text = (value: number): string => `${value}${unit === 'GiB' ? 'Gi' : 'Mi'}`;
      const before = vm.spec.template.spec?.domain.memory?.maxGuest;
      // Room that is full is still the room that the run was started with.
      const hasRoom = max > amount || mebibytesOf(text(max)) === mebibytesOf(before);
      return hasRoom ? memoryPatch(vm, text(amount), sameSize(before, text(max))) : memoryPatch(vm, text(amount));
    },
  },
  runStrategy: {
    needsRestart: false,
    read: ({ vm }) => runStrategyOf(vm),
    problem: fine,
    patch: ({ vm }, strategy) => runStrategyPatch(vm, strategy),
  },
  boot: {
    needsRestart: true,
    read: ({ vm }) => bootDraft(vm),
    problem: fine,
    patch: ({ vm }, draft) => bootPatch(vm, draft),
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
  tolerations: {
    needsRestart: true,
    read: ({ vm }) => tolerationRows(vm),
    problem: (rows) => (rows.every(isToleration) ? undefined : 'tolerations'),
    patch: ({ vm }, rows) => tolerationsPatch(vm, rows),
  },
  affinity: {
    needsRestart: true,
    read: ({ vm }) => affinityRules(vm),
    problem: (rules) => (rules.every(isRule) ? undefined : 'affinity'),
    patch: ({ vm }, rules) => affinityPatch(vm, rules),
  },
  ownCores: {
    needsRestart: true,
    read: ({ vm }) => hasOwnCores(vm),
    problem: fine,
    patch: ({ vm }, wanted) => ownCoresPatch(vm, wanted),
  },
  resources: {
    needsRestart: true,
    read: ({ vm }) => resourcesDraft(vm),
    problem: (draft) => (areResources(draft) ? undefined : 'quantities'),
    patch: ({ vm }, draft) => resourcesPatch(vm, draft),
  },
  processor: {
    needsRestart: true,
    read: ({ vm }) => processorDraft(vm),
    problem: (draft) => (isProcessorDraftValid(draft) ? undefined : 'features'),
    patch: ({ vm }, draft) => processorPatch(vm, draft),
  },
};

/** As it was written, when it means the same: another text would be another definition. */
function sameSize(before: string | undefined, now: string): string {
  return before !== undefined && mebibytesOf(before) === mebibytesOf(now) ? before : now;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
