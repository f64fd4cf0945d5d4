// Owns the commands of virtctl that reach into a machine: ports, ssh, what its agent says, disks that come and go, memory dumps.
// Must not do them; each is loaded when it is asked for.
import type { Command } from 'commander';
import type { DumpOptions } from './commands/memory-dump.ts';
import type { PortForwardOptions } from './commands/port-forward.ts';
import type { SshOptions } from './commands/ssh.ts';
import type { VolumeOptions } from './commands/volumes.ts';
import type { Session } from './session.ts';

export const guestCommandNames = ['port-forward', 'ssh', 'guestosinfo', 'fslist', 'userlist', 'addvolume', 'removevolume'];

export function addGuestCommands(program: Command, session: () => Session): void {
  program
    .command('port-forward <name> [ports...]')
    .description('Lead ports of this computer to a guest: [udp/]8080:80 …')
    .option('--address <address>', 'address of this computer to listen on', '127.0.0.1')
    .option('--stdio', 'one port, over standard input and output')
    .action(async (name: string, ports: string[], options: PortForwardOptions) =>
      (await import('./commands/port-forward.ts')).portForward(session(), { name, ports }, options),
    );
  program
    .command('ssh <name> [command...]')
    .description('Log into a guest by ssh: [user@]name')
    .option('-l, --username <name>', 'user in the guest')
    .option('-p, --port <number>', 'port of the guest', '22')
    .option('-i, --identity-file <file>', 'private key')
    .option('-t, --local-ssh-opts <option>', 'option for ssh itself, such as "-o StrictHostKeyChecking=no"; may be repeated', collected)
    .action(async (name: string, command: string[], options: SshOptions) => {
      process.exitCode = await (await import('./commands/ssh.ts')).ssh(session(), { name, command }, options);
    });
  const asked = { guestosinfo: 'What system the guest is', fslist: 'File systems of the guest', userlist: 'Who is logged into the guest' };
  for (const [verb, help] of Object.entries(asked)) {
    program
      .command(`${verb} <name>`)
      .description(help)
      .action(async (name: string) => (await import('./commands/guest-agent.ts')).guestAgent(session(), verb, name));
  }
  for (const verb of ['addvolume', 'removevolume'] as const) {
    const command = program
      .command(`${verb} <name>`)
      .description(verb === 'addvolume' ? 'Plug a disk into a machine that runs' : 'Take a plugged disk out')
      .requiredOption('--volume-name <name>', 'claim or DataVolume')
      .option('--persist', 'in the definition, too: for good')
      .option('--dry-run', 'check everything, change nothing');
    if (verb === 'addvolume') {
      command
        .option('--bus <bus>', 'scsi or virtio', 'scsi')
        .option('--serial <serial>', 'by which the guest knows the disk; its name when absent')
        .option('--cache <mode>', 'none, writethrough or writeback');
    }
    command.action(async (name: string, options: VolumeOptions) => (await import('./commands/volumes.ts'))[verb](session(), name, options));
  }
  program
    .command('memory-dump <action> <name>')
    .description("Write a running machine's memory into a claim (get), or forget the claim (remove)")
    .option('--claim-name <name>', 'where to; absent: the one of last time')
    .option('--create-claim', 'make the claim first')
    .action(async (action: string, name: string, options: DumpOptions) =>
      (await import('./commands/memory-dump.ts')).memoryDump(session(), { action, name }, options),
    );
}

function collected(option: string, before: readonly string[] = []): readonly string[] {
  return [...before, option];
}
