// Owns `virtdeck why`: every reason why a machine cannot start, with numbered fixes, and doing one of them.
// Must not judge; the API has.
import { createInterface } from 'node:readline/promises';
import { type FixAction, fixCommand, fixEffect, fixLabel, fixRequest } from '../../api/fix-actions.ts';
import type { StartCheck } from '../../api/start-check.ts';
import { wholeNumber } from '../options.ts';
import { subresourcePath, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';
import { blockLine } from './machine.ts';

export interface WhyOptions {
  /** With the QEMU command, flag by flag. */
  readonly command?: boolean;
  /** Number of a fix, as it was printed. */
  readonly fix?: string;
  readonly yes?: boolean;
}

/** Whether the machine can start; after a fix, whether it can start now. */
export async function why(session: Session, name: string, options: WhyOptions): Promise<boolean> {
  const before = await checked(session, name);
  if (options.fix === undefined) return tell(session, before, { name, ...options });
  const number = wholeNumber('--fix', options.fix);
  const action = actionsOf(before)[number - 1];
  if (action === undefined) throw new UsageError(`There is no fix ${number} for VM ${name}: see virtdeck why ${name}.`);
  const target = { namespace: session.namespace, name };
  if (options.yes !== true && !(await isConfirmed(action))) {
    session.print('Nothing was changed.');
    return before.allowed;
  }
  session.print(fixCommand(action, target));
  await session.request(fixRequest(action, target));
  return tell(session, await checked(session, name), { name });
}

async function checked(session: Session, name: string): Promise<StartCheck> {
  const path = subresourcePath('virtualmachines', { namespace: session.namespace, name }, 'start');
  return (await session.request({ method: 'PUT', path: `${path}?dryRun=All`, body: {} })) as StartCheck;
}

function actionsOf({ causes, warnings }: StartCheck): readonly FixAction[] {
  return [...causes, ...warnings].flatMap(({ actions = [] }) => actions);
}

function tell(session: Session, check: StartCheck, { name, command }: { readonly name: string; readonly command?: boolean }): boolean {
  const target = { namespace: session.namespace, name };
  const actions = actionsOf(check);
  const fixes = (offered: readonly FixAction[] = []): void => {
    for (const action of offered) {
      session.print(`  [${actions.indexOf(action) + 1}] ${fixLabel(action)}`);
      session.print(`      ${fixCommand(action, target)}`);
    }
  };
  for (const line of check.passed) session.print(`✔ ${line}`);
  for (const { field, message, actions: offered } of check.warnings) {
    session.print(`⚠ ${field}: ${message}`);
    fixes(offered);
  }
  for (const cause of check.causes) {
    session.print(blockLine(cause));
    fixes(cause.actions);
  }
  if (command === true) {
    for (const { flag, value, field } of check.command ?? [])
      session.print(`${flag}${value === undefined ? '' : ` ${value}`}${field === undefined ? '' : `    # ${field}`}`);
  }
  session.print(check.allowed ? `VM ${name} can start.` : `VM ${name} cannot start.`);
  if (actions.length > 0) session.print(`To have one of these done: virtdeck -n ${session.namespace} why ${name} --fix NUMBER`);
  return check.allowed;
}

async function isConfirmed(action: FixAction): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError(`Nobody is there to be asked. Say --yes to have it done: ${fixLabel(action)}.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${fixLabel(action)}. ${fixEffect(action)} Go on? [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
