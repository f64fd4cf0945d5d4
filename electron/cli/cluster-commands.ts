// Owns the commands about clusters: connections to them, and machines that go there or come from there.
// Must not do them; each is loaded when it is asked for.
import type { Command } from 'commander';
import type { AddOptions } from './commands/connections.ts';
import type { BringOptions, SendOptions } from './commands/transfer.ts';
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
    .option('--upload-proxy-url <url>', 'where the cluster takes disks, when it does not say so')
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
  program
    .command('send <name>')
    .description('Take a copy of a stopped machine to a cluster')
    .requiredOption('--to <connection>', 'name of the connection')
    .option('--project <name>', 'project on the cluster')
    .option('--new-name <name>', 'what it is called there')
    .option('--disks <how>', 'upload, or containerdisk for a registry', 'upload')
    .option('--storage-class <name>', "of the disks' claims on the cluster")
    .option('--image <reference>', 'with containerdisk: what the machine pulls its disk as')
    .option('--folder <path>', 'with containerdisk: where the images are written to')
    .option('--dry-run', 'say what would become of it, change nothing')
    .action(async (name: string, options: SendOptions) => (await import('./commands/transfer.ts')).send(session(), name, options));
  program
    .command('bring <name>')
    .description('Take a copy of a stopped machine of a cluster to this computer')
    .requiredOption('--from <connection>', 'name of the connection')
    .option('--project <name>', 'project on the cluster')
    .option('--new-name <name>', 'what it is called here')
    .option('--dry-run', 'say what would become of it, change nothing')
    .action(async (name: string, options: BringOptions) => (await import('./commands/transfer.ts')).bring(session(), name, options));
}
