// Owns what is offered to press for reasons that lie in the machine itself, beside what whoever found them has offered.
// Must not judge. Adding a fix is a row in the file of its family.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts } from '../../facts.ts';
import { deviceFixes } from './device-fixes.ts';
import { diskFixes } from './disk-fixes.ts';
import { firmwareFixes } from './firmware-fixes.ts';
import type { FixRow } from './fix-row.ts';
import { memoryFixes } from './memory-fixes.ts';
import { networkFixes } from './network-fixes.ts';
import { placementFixes } from './placement-fixes.ts';
import { processorFixes } from './processor-fixes.ts';
import { secretFixes } from './secret-fixes.ts';

const rows: readonly FixRow[] = [
  ...processorFixes,
  ...memoryFixes,
  ...firmwareFixes,
  ...diskFixes,
  ...networkFixes,
  ...deviceFixes,
  ...secretFixes,
  ...placementFixes,
];

/** The first row that fits; what a filter or a quota offers comes before it. */
export function withFixes(cause: Cause, vmi: VirtualMachineInstance, facts: LaunchFacts): Cause {
  const row = rows.find(({ reason, field }) => [reason].flat().includes(cause.reason) && field.test(cause.field));
  if (row === undefined) return cause;
  const indexes = [...cause.field.matchAll(/\[(\d+)\]/g)].map(([, digits]) => Number(digits));
  const actions = [...(cause.actions ?? []), ...row.offer({ vmi, facts, cause, indexes })];
  return actions.length === 0 ? cause : { ...cause, actions };
}
