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
  program
    .command('prepare [addresses...]')
    .description('What is to be changed so that these PCI devices, and what MachineConfigs say, are for machines')
    .requiredOption('--dry-run', 'change nothing: show the difference')
    .action(async (addresses: readonly string[]) => (await import('./commands/prepare.ts')).prepare(session(), addresses));
  program
    .command('butane <file>')
    .description('Print the MachineConfig of an OpenShift Butane file; apply reads such a file, too')
    .option('-o, --output <file>', 'write it there')
    .action(async (file: string, options: { output?: string }) => (await import('./commands/butane.ts')).butane(file, options));
}
