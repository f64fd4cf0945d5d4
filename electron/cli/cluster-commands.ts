// Owns the commands about clusters: connections to them.
// Must not do them; each is loaded when it is asked for.
import type { Command } from 'commander';
import type { AddOptions } from './commands/connections.ts';
import type { Session } from './session.ts';

export function addClusterCommands(program: Command, session: () => Session): void {
  const connections = program.command('connections').description('Clusters that this computer speaks to');
  connections
    .command('list', { isDefault: true })
    .description('Each with its state')
    .action(async () => (await import('./commands/connections.ts')).list(session()));
  connections
    .command('add <name>')
    .description('Add a context of a kubeconfig; nothing of it is copied')
    .option('--kubeconfig <file>', 'file to read; absent: those of KUBECONFIG together, else ~/.kube/config')
    .option('--context <name>', 'context in it; absent: the current one')
    .option('--project <name>', 'project of the cluster to work in; absent: that of the context')
    .option('--allow-command', 'let the program run that the kubeconfig signs in with')
    .action(async (name: string, options: AddOptions) => (await import('./commands/connections.ts')).add(session(), name, options));
  connections
    .command('check <name>')
    .description('What it can be used for, or why it cannot')
    .action(async (name: string) => {
      if (!(await (await import('./commands/connections.ts')).check(session(), name))) process.exitCode = 1;
    });
  connections
    .command('remove <name>')
    .description('Forget it; the kubeconfig stays as it is')
    .action(async (name: string) => (await import('./commands/connections.ts')).remove(session(), name));
}
