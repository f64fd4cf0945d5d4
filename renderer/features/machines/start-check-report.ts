// Owns the start check as text for a bug report.
// Must not contain anything that the user did not see.
import type { StartCheck } from '../../../electron/api/start-check.ts';
import type { Cause } from '../../../electron/api/errors.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';

/** Markdown. Argument values may hold paths of the user, but no secrets: those never reach the command line. */
export function startCheckReport(vm: VirtualMachine, check: StartCheck): string {
  const { metadata, status } = vm;
  const command = (check.command ?? []).map(({ flag, value }) => (value === undefined ? flag : `${flag} ${value}`));
  return [
    `Machine ${metadata.namespace}/${metadata.name}, ${status?.printableStatus ?? 'no status'}, generation ${metadata.generation}`,
    '',
    ...section('Blocks', check.causes.map(line)),
    ...section('Different from the manifest', check.warnings.map(line)),
    ...section(
      'Fine',
      check.passed.map((text) => `- ${text}`),
    ),
    ...(command.length === 0 ? [] : ['## Command', '', '```', ...command, '```', '']),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];
}

function line({ reason, field, message, fix }: Cause): string {
  return `- ${field}: ${message} (${reason})${fix === undefined ? '' : ` ${fix}`}`;
}
