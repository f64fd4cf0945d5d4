// Owns the status of a MachineConfig: whether this computer is as it says, and what is kept without effect.
// Must not apply anything: files of the computer's start are changed by the guide alone, after they were shown.
import type { MachineConfig, MachineConfigStatus } from '../../api/kinds/machine-config.ts';
import type { PreparationPlan } from '../../api/preparation.ts';
import { type NewCondition, type StatusCondition, withCondition, withoutCondition } from './conditions.ts';

export interface ObservedMachineConfig {
  readonly status: MachineConfigStatus | undefined;
  readonly generation: number;
}

/** `plan`: of everything that is wanted, as far as this MachineConfig has a part in it. */
export function machineConfigStatus(
  { status, generation }: ObservedMachineConfig,
  plan: Pick<PreparationPlan, 'steps' | 'causes' | 'remarks' | 'untilRestart'>,
  now: number,
): MachineConfigStatus {
  const applied = withCondition([...(status?.conditions ?? [])], appliedCondition(plan), now);
  const conditions: readonly StatusCondition[] =
    plan.remarks.length === 0
      ? withoutCondition(applied, 'NotHonoured')
      : withCondition(applied, { type: 'NotHonoured', status: 'True', reason: 'NotOnThisComputer', message: plan.remarks.join('\n') }, now);
  return { conditions, observedGeneration: generation };
}

function appliedCondition({ steps, causes, untilRestart }: Pick<PreparationPlan, 'steps' | 'causes' | 'untilRestart'>): NewCondition {
  const type = 'Applied';
  if (causes.length > 0) {
    return {
      type,
      status: 'False',
      reason: 'NotPossible',
      message: causes.map(({ message, fix }) => `${message} ${fix ?? ''}`.trim()).join('\n'),
    };
  }
  if (steps.length > 0) {
    const what = steps.map(({ id }) => id).join(', ');
    const count = steps.length === 1 ? '1 change' : `${steps.length} changes`;
    return {
      type,
      status: 'False',
      reason: 'ChangesPending',
      message: `Not applied yet: ${count} pending (${what}). See Host devices, or: virtdeck prepare --dry-run`,
    };
  }
  if (untilRestart.length > 0) {
    return {
      type,
      status: 'False',
      reason: 'RestartPending',
      message: `Written down; the kernel is told ${untilRestart.join(' ')} at the next start of this computer.`,
    };
  }
  return { type, status: 'True', reason: 'Applied', message: 'This computer is as this MachineConfig says.' };
}

/** What a cluster's operator reads and nothing here does. */
export function fieldsWithoutEffect({ spec }: Pick<MachineConfig, 'spec'>): readonly string[] {
  const ofSpec = ['baseOSExtensionsContainerImage', 'extensions', 'fips', 'kernelType', 'osImageURL'] as const;
  const { ignition: _version, storage, ...config } = spec.config ?? {};
  const { files: _files, ...otherStorage } = storage ?? {};
  return [
    ...ofSpec.filter((field) => spec[field] !== undefined).map((field) => `spec.${field}`),
    ...Object.keys(config).map((field) => `spec.config.${field}`),
    ...Object.keys(otherStorage).map((field) => `spec.config.storage.${field}`),
  ];
}
