// Owns `virtdeck prepare`: what is to be done to this computer so that devices are for machines, as a difference, and having it done.
// Must not plan; the API has.
import { createInterface } from 'node:readline/promises';
import { lineDiff } from '../../api/line-diff.ts';
import {
  type ApplyPreparation,
  type PreparationChanges,
  preparationCommands,
  type PreparationPlan,
  type PreparationStep,
} from '../../api/preparation.ts';
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';
import { changesText } from './prepare-undo.ts';

export const preparationPath = '/apis/virtdeck.io/v1alpha1/preparation';

export interface PrepareOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function prepare(session: Session, devices: readonly string[], { dryRun, yes }: PrepareOptions): Promise<void> {
  const query = devices.length === 0 ? '' : `?devices=${encodeURIComponent(devices.join(','))}`;
  const plan = (await session.request({ path: `${preparationPath}${query}` })) as PreparationPlan;
  session.print(planText(plan));
  if (plan.causes.length > 0) {
    process.exitCode = 1;
    return;
  }
  if (dryRun === true || plan.steps.length === 0 || (yes !== true && !(await isAgreed()))) return;
  const body: ApplyPreparation = { devices, digest: plan.digest };
  const done = (await session.request({ path: preparationPath, method: 'POST', body })) as PreparationChanges;
  session.print(`\nDone. What can be undone:\n${changesText(done)}`);
  session.print('\nPrint the recovery card before the next start of this computer: virtdeck prepare card');
}

async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('nobody can be asked here: look with --dry-run, then add --yes');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await lines.question('\nChange this computer so? [y/N] ')).trim());
  } finally {
    lines.close();
  }
}

export function planText({ system, steps, causes, remarks, needsReboot, untilRestart }: PreparationPlan): string {
  return [
    `This computer: ${system}`,
    ...causes.flatMap(({ message, fix }) => [`✖ ${message}`, ...(fix === undefined ? [] : [`    ${fix}`])]),
    ...remarks.map((remark) => `⚠ ${remark}`),
    ...(steps.length === 0 && causes.length === 0 ? ['Nothing is to be changed.'] : []),
    ...steps.flatMap((step, index) => ['', `${index + 1}. ${step.why}`, ...stepLines(step)]),
    ...(untilRestart.length > 0 ? ['', `At the next start of this computer the kernel is told: ${untilRestart.join(' ')}`] : []),
    ...(needsReboot ? ['', 'It has its effect at the next start of this computer.'] : []),
  ].join('\n');
}

function stepLines({ action }: PreparationStep): readonly string[] {
  if (action.type === 'run') return [`$ ${preparationCommands[action.command]}${action.argument ?? ''}`];
  return [
    `--- ${action.before === undefined ? '/dev/null' : action.path}`,
    `+++ ${action.path}`,
    ...lineDiff(action.before, action.after).map(({ mark, text }) => (mark === 'gap' ? '@@' : `${mark}${text}`)),
  ];
}
