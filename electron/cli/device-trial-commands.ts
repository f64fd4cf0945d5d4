// Owns the commands that change PCI devices until a restart: a trial, keeping it, taking it back, virtual functions.
// Must not do them; they are loaded when one is asked for.
import type { Command } from 'commander';
import type { Session } from './session.ts';

export function addDeviceTrialCommands(program: Command, session: () => Session): void {
  const devices =
    program.commands.find((command) => command.name() === 'devices') ??
    program.command('devices').description('PCI devices of this computer, for machines');
  devices
    .command('try <address>')
    .description('Hand a PCI device and its group to VFIO; they are taken back unless you keep them')
    .option('-s, --seconds <count>', 'for how long', '30')
    .action(async (address: string, options: { seconds: string }) =>
      (await import('./commands/device-trials.ts')).tryDevice(session(), address, options),
    );
  devices
    .command('keep <address>')
    .description('End a trial: the devices stay with VFIO until this computer restarts')
    .action(async (address: string) => (await import('./commands/device-trials.ts')).keepDevice(session(), address));
  devices
    .command('revert <address>')
    .description('Give the devices of a trial, those that were kept, or that a change of drivers left half-way, back to this computer')
    .action(async (address: string) => (await import('./commands/device-trials.ts')).revertDevice(session(), address));
  devices
    .command('trials')
    .description('What is tried, and what was kept')
    .option('-w, --watch', 'show the time left as it goes')
    .action(async (options: { watch?: true }) => (await import('./commands/device-trials.ts')).deviceTrials(session(), options));
  devices
    .command('functions <address> <count>')
    .description('Set how many virtual functions a card has, until this computer restarts')
    .action(async (address: string, count: string) =>
      (await import('./commands/virtual-functions.ts')).setVirtualFunctions(session(), address, count),
    );
}
