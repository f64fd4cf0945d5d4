// Owns making one step: a file with what it says before and after, or a command.
// Must not decide what it should say.
import { type FileName, pathOf, type PreparationCommand, type PreparationStep } from '../../api/preparation.ts';
import type { PreparationFacts } from './preparation-facts.ts';

export interface WriteOrder extends FileName {
  readonly purpose: PreparationStep['purpose'];
  readonly why: string;
  /** Of an entry; files of one place are in the facts. */
  readonly before?: string;
  readonly after: string;
}

/** Undefined when the file says so already. */
export function writeStep(
  facts: PreparationFacts,
  { file, entry, purpose, why, after, ...order }: WriteOrder,
): PreparationStep | undefined {
  const before = order.before ?? facts.files[file];
  if (before === after) return undefined;
  const path = pathOf({ file, ...(entry === undefined ? {} : { entry }) });
  return {
    id: path,
    purpose,
    why,
    action: { type: 'write', file, path, ...(entry === undefined ? {} : { entry }), ...(before === undefined ? {} : { before }), after },
  };
}

export function runStep(command: PreparationCommand, why: string): PreparationStep {
  return { id: command, purpose: 'rebuild', why, action: { type: 'run', command } };
}
