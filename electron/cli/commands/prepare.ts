// Owns `virtdeck prepare`: what is to be done to this computer so that devices are for machines, as a difference.
// Must not plan; the API has.
import { lineDiff } from '../../api/line-diff.ts';
import { preparationCommands, type PreparationPlan, type PreparationStep } from '../../api/preparation.ts';
import type { Session } from '../session.ts';

export const preparationPath = '/apis/virtdeck.io/v1alpha1/preparation';

export async function prepare(session: Session, devices: readonly string[]): Promise<void> {
  const plan = (await session.request({ path: planPath(devices) })) as PreparationPlan;
  session.print(planText(plan));
  if (plan.causes.length > 0) process.exitCode = 1;
}

export function planPath(devices: readonly string[]): string {
  return devices.length === 0 ? preparationPath : `${preparationPath}?devices=${encodeURIComponent(devices.join(','))}`;
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
