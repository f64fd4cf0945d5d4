// Owns the golden corpus of preparation plans: what is shown for each distribution must be exactly the file beside it.
// Must not change any computer.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PreparationPlan, PreparationStep } from '../../../electron/api/preparation.ts';
import { preparationPlan } from '../../../electron/core/preparation/plan.ts';
import type { PreparationFacts } from '../../../electron/core/preparation/preparation-facts.ts';
import { preparationCases } from './computers.ts';

const folder = new URL('plans/', import.meta.url);
const rewrite = process.env['UPDATE_GOLDEN'] === '1';

describe.each(Object.entries(preparationCases))('%s', (name, { facts, wishes }) => {
  const plan = preparationPlan(facts, wishes);

  test('gives the plan of the file', () => {
    const file = new URL(`${name}.plan`, folder);
    const text = planText(plan);
    const isMissing = !existsSync(file);
    if (rewrite || (isMissing && process.env['CI'] === undefined)) writeFileSync(file, text);
    else if (isMissing) expect.fail(`${name}.plan is missing; run: npm run golden -- --update`);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  test('once its files are written it asks for none of them again', () => {
    const again = preparationPlan(afterwards(facts, plan.steps), wishes);
    expect(again.steps.filter(({ action }) => action.type === 'write')).toEqual([]);
  });
});

test('no plan is left over', () => {
  const known = Object.keys(preparationCases).map((name) => `${name}.plan`);
  expect(readdirSync(folder).toSorted()).toEqual(known.toSorted());
});

/** The computer with the files as they are then. */
function afterwards(facts: PreparationFacts, steps: readonly PreparationStep[]): PreparationFacts {
  const writes = steps.flatMap(({ action }) => (action.type === 'write' ? [action] : []));
  const { bootLoader } = facts;
  return {
    ...facts,
    files: {
      ...facts.files,
      ...Object.fromEntries(writes.filter(({ entry }) => entry === undefined).map(({ file, after }) => [file, after])),
    },
    bootLoader:
      bootLoader.type === 'systemd-boot'
        ? {
            ...bootLoader,
            entries: bootLoader.entries.map(({ name, text }) => ({
              name,
              text: writes.find(({ entry }) => entry === name)?.after ?? text,
            })),
          }
        : bootLoader,
  };
}

function planText({ system, steps, causes, remarks, needsReboot }: PreparationPlan): string {
  return [
    `${system}${needsReboot ? '; needs a restart' : ''}`,
    ...causes.map(({ reason, message, fix }) => `! ${reason}: ${message}\n  ${fix ?? ''}`),
    ...remarks.map((remark) => `* ${remark}`),
    ...steps.map(({ action, why }) =>
      action.type === 'run'
        ? `\n$ ${action.command}${action.argument === undefined ? '' : ` ${action.argument}`}\n  ${why}`
        : `\n${action.path}: ${why}\n${marked('-', action.before)}${marked('+', action.after)}`.trimEnd(),
    ),
    '',
  ].join('\n');
}

function marked(mark: string, text: string | undefined): string {
  if (text === undefined || text === '') return '';
  return `${text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${mark} ${line}`.trimEnd())
    .join('\n')}\n`;
}
