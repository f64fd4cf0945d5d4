// Owns the words for a kernel argument that a program gave, or took away.
// Must not show them.
import type { PreparationChange } from '../../../electron/api/preparation.ts';

export function argumentWords({
  command,
}: Extract<PreparationChange, { readonly argument: string }>): 'changes.argument' | 'changes.takenArgument' {
  return command.endsWith('-add') ? 'changes.takenArgument' : 'changes.argument';
}
