// Owns the commands about this computer itself: its devices, and what prepares them for machines.
// Must not do them; each is loaded when it is asked for.
import type { Command } from 'commander';
import type { Session } from './session.ts';

export function addHostCommands(program: Command, session: () => Session): void {
  program
    .command('devices')
    .description('PCI devices of this computer in their groups, with a verdict on each, and USB devices')
    .option('-o, --output <format>', 'json')
    .action(async (options: { output?: string }) => (await import('./commands/devices.ts')).devices(session(), options));
  const prepare = program
    .command('prepare [addresses...]')
    .description(
      'Change how this computer starts, so that these PCI devices, and what MachineConfigs say, are for machines; asks before it does',
    )
    .option('--dry-run', 'change nothing: show the difference')
    .option('-y, --yes', 'do not ask')
    .action(async (addresses: readonly string[], options: { dryRun?: boolean; yes?: boolean }) =>
      (await import('./commands/prepare.ts')).prepare(session(), addresses, options),
    );
  prepare
    .command('changes')
    .description('What was changed, and can be undone')
    .action(async () => (await import('./commands/prepare-undo.ts')).prepareChanges(session()));
  prepare
    .command('undo [change]')
    .description('Undo one change, or all of them')
    .action(async (change: string | undefined) => (await import('./commands/prepare-undo.ts')).prepareUndo(session(), change));
  prepare
    .command('card')
    .description('The recovery card, to be printed before the next start of this computer')
    .action(async () => (await import('./commands/prepare-card.ts')).prepareCard(session()));
  program
    .command('butane <file>')
    .description('Print the MachineConfig of an OpenShift Butane file; apply reads such a file, too')
    .option('-o, --output <file>', 'write it there')
    .action(async (file: string, options: { output?: string }) => (await import('./commands/butane.ts')).butane(file, options));
}
