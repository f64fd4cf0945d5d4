// Owns the `virtdeck` command: kubectl's and virtctl's verbs as a client of the API.
// Must not touch the store or the machine; whatever it does, curl can do.
import { Command, CommanderError } from 'commander';
import type { DeleteOptions } from './cli/commands/delete.ts';
import type { GetOptions } from './cli/commands/get.ts';
import type { UndoOptions } from './cli/commands/history.ts';
import { addClusterCommands } from './cli/cluster-commands.ts';
import { addHugePageCommands } from './cli/huge-page-commands.ts';
import { addDeviceTrialCommands } from './cli/device-trial-commands.ts';
import { addGuestCommands, guestCommandNames } from './cli/guest-commands.ts';
import { addHostCommands } from './cli/host-commands.ts';
import { act, verbRows, type VerbOptions } from './cli/commands/machine.ts';
import type { KubeconfigOptions } from './cli/commands/kubeconfig.ts';
import type { WhyOptions } from './cli/commands/why.ts';
import type { WriteOptions } from './cli/commands/write.ts';
import { refusalText } from './cli/refusals.ts';
import { UsageError } from './cli/resource-names.ts';
import { Session } from './cli/session.ts';
import { places } from './places.ts';

interface Globals {
  readonly namespace: string;
  readonly allNamespaces?: boolean;
  readonly data?: string;
  readonly run?: string;
  readonly connection?: string;
}

/** Runs one command; the exit status is 0, or 1 with a sentence on standard error. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command('virtdeck');
  program
    .description("Machines of this computer, in KubeVirt's language")
    .option('-n, --namespace <name>', 'project to work in', 'default')
    .option('-A, --all-namespaces', 'every project')
    .option('--connection <name>', 'a cluster, by the name of its connection (see: virtdeck connections)')
    .option('--data <folder>', 'data folder of the core (VIRTDECK_DATA)')
    .option('--run <folder>', 'run folder of the core (VIRTDECK_RUN)')
    .enablePositionalOptions(false)
    .showHelpAfterError("See 'virtdeck --help' and 'virtdeck COMMAND --help' for usage.")
    .exitOverride();
  const session = (): Session => {
    const { connection, ...globals } = program.opts<Globals>();
    const namespaceGiven = program.getOptionValueSource('namespace') === 'cli';
    return new Session(places(globals), {
      namespace: globals.namespace,
      allNamespaces: globals.allNamespaces === true,
      namespaceGiven,
      ...(connection === undefined ? {} : { connection }),
    });
  };
  program.hook('preAction', async () => {
    const { connection } = program.opts<Globals>();
    if (connection === undefined || program.getOptionValueSource('namespace') === 'cli') return;
    const { projectOf } = await import('./cli/commands/connections.ts');
    program.setOptionValue('namespace', await projectOf(session(), connection));
  });
  addObjectCommands(program, session);
  addMachineCommands(program, session);
  addHistoryCommands(program, session);
  addFailureCommands(program, session);
  addGuestCommands(program, session);
  addClusterCommands(program, session);
  addOtherCommands(program, session);
  addDeviceTrialCommands(program, session);
  addHugePageCommands(program, session);
  // `virtdeck get vm | head -1`: the reader has seen enough. 141 is what a shell says of a program ended by SIGPIPE.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(141);
  });
  if (args.length === 0) return program.outputHelp();
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    // Commander has said its own by now.
    if (!(error instanceof CommanderError)) process.stderr.write(`${refusalText(error)}\n`);
    process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
  }
}

type Sessions = () => Session;

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function addObjectCommands(program: Command, session: Sessions): void {
  program
    .command('get <type> [names...]')
    .description('Show objects: vm, vmi, dv, pvc, nodes, ns, secrets, cm, events, settings')
    .option('-o, --output <format>', 'json, yaml, wide, name, jsonpath=…')
    .option('-w, --watch', 'show changes as they come')
    .option('-l, --selector <labels>', 'by label, such as app=web')
    .option('--field-selector <fields>', 'by field, such as metadata.name=web')
    .option('--no-headers', 'without the first line')
    .action(async (type: string, names: string[], options: GetOptions) => {
      const { get } = await import('./cli/commands/get.ts');
      await get(session(), [type, ...names], options);
    });
  program
    .command('describe <type> [names...]')
    .description('Show an object in words, with its events')
    .action(async (type: string, names: string[]) => {
      const { describe } = await import('./cli/commands/describe.ts');
      await describe(session(), [type, ...names]);
    });
  const writer = (name: 'create' | 'apply', help: string): void => {
    program
      .command(name)
      .description(help)
      .requiredOption('-f, --filename <file>', 'a manifest, a folder of them, or - for standard input; may be repeated', collect)
      .option('--dry-run <mode>', 'server: check everything, change nothing')
      .action(async (options: WriteOptions) => (await import('./cli/commands/write.ts'))[name](session(), options));
  };
  writer('create', 'Create objects from manifests');
  writer('apply', 'Create objects, or change them to what the manifests say');
  program
    .command('delete [type] [names...]')
    .description('Delete objects')
    .option('-f, --filename <file>', 'what this manifest names; may be repeated', collect, [])
    .option('-l, --selector <labels>', 'those with these labels, such as app=web')
    .option('--wait', 'wait until it is gone', true)
    .option('--all', 'every object of the type in the project')
    .option('--cascade <policy>', 'background, foreground or orphan', 'background')
    .option('--grace-period <seconds>', '0 cuts the power')
    .option('--ignore-not-found', 'no error when it is gone already')
    .option('--no-wait', 'do not wait until it is gone')
    .option('--dry-run <mode>', 'server: check everything, change nothing')
    .action(async (type: string | undefined, names: string[], options: DeleteOptions) => {
      const { remove } = await import('./cli/commands/delete.ts');
      await remove(session(), type === undefined ? [] : [type, ...names], options);
    });
  program
    .command('edit <type> [name]')
    .description('Change an object in your editor')
    .action(async (type: string, name: string | undefined) => {
      const { edit } = await import('./cli/commands/edit.ts');
      await edit(session(), name === undefined ? [type] : [type, name]);
    });
}

function addHistoryCommands(program: Command, session: Sessions): void {
  program
    .command('history <name>')
    .description('Who changed a machine, or TYPE/NAME, when and how')
    .option('--revision <number>', 'this change in full')
    .action(async (name: string, options: { revision?: string }) =>
      (await import('./cli/commands/history.ts')).history(session(), name, options),
    );
  program
    .command('undo <name>')
    .description('Take back the last change of a machine, or of TYPE/NAME; a deletion, too')
    .option('--revision <number>', 'this change instead')
    .option('--to-revision <number>', 'bring this version back, over later changes')
    .action(async (name: string, options: UndoOptions) => (await import('./cli/commands/history.ts')).undo(session(), name, options));
}

function addMachineCommands(program: Command, session: Sessions): void {
  for (const row of verbRows) {
    const command = program.command(`${row.verb} <name>`).description(row.help);
    if (row.verb === 'start') {
      command.option('--paused', 'stop before the first instruction').option('--discard-changes', 'throw away what the guest writes');
    }
    if (row.verb === 'stop' || row.verb === 'restart') {
      command.option('--grace-period <seconds>', 'how long the guest may take').option('--force', 'cut the power');
    }
    command.option('--dry-run', 'check everything, change nothing');
    command.action((name: string, options: VerbOptions) => act(session(), row, { name, options }));
  }
  program
    .command('reset-firmware <name>')
    .description('Set the UEFI settings of a stopped machine back to how they came')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'check everything, change nothing')
    .action(async (name: string, options: { yes?: boolean; dryRun?: boolean }) =>
      (await import('./cli/commands/reset-firmware.ts')).resetFirmware(session(), name, options),
    );
  program
    .command('suspend <name>')
    .description('Write the memory of a machine to disk and end it; a start goes on where it was')
    .option('--dry-run', 'check everything, change nothing')
    .action(async (name: string, options: { dryRun?: boolean }) =>
      (await import('./cli/commands/suspend.ts')).suspend(session(), name, options),
    );
  program
    .command('discard-saved-state <name>')
    .description('Forget the memory of a suspended machine: it then starts anew')
    .option('--yes', 'do it')
    .action(async (name: string, options: { yes?: boolean }) =>
      (await import('./cli/commands/suspend.ts')).discardSavedState(session(), name, options),
    );
  program
    .command('why <name>')
    .description('Say every reason why a machine cannot start')
    .option('--command', 'with the QEMU command, flag by flag')
    .option('--fix <number>', 'do the fix of this number')
    .option('--yes', 'do not ask before')
    .action(async (name: string, options: WhyOptions) => {
      const { why } = await import('./cli/commands/why.ts');
      if (!(await why(session(), name, options))) process.exitCode = 1;
    });
  program
    .command('console <name>')
    .description('The serial console; Ctrl+] leaves it')
    .action(async (name: string) => (await import('./cli/commands/terminal.ts')).openTerminal(session(), name));
  program
    .command('vnc <name>')
    .description('The screen, in remote-viewer or vncviewer')
    .option('--proxy-only', 'only print the port to connect a viewer to')
    .option('--port <number>', 'port of the loopback to use')
    .action(async (name: string, options: { proxyOnly?: boolean; port?: string }) =>
      (await import('./cli/commands/vnc.ts')).vnc(session(), name, options),
    );
  program
    .command('logs <name>')
    .description('What the serial console printed since power-on')
    .option('-f, --follow', 'and what comes')
    .action(async (name: string, options: { follow?: boolean }) =>
      (await import('./cli/commands/terminal.ts')).logs(session(), name, options),
    );
}

function addFailureCommands(program: Command, session: Sessions): void {
  program
    .command('evidence <name> [id]')
    .description('What was kept when a machine hung, panicked or crashed; id, or last, for one of them')
    .option('--screenshot <file>', 'write its picture of the screen')
    .action(async (name: string, id: string | undefined, options: { screenshot?: string }) =>
      (await import('./cli/commands/evidence.ts')).evidence(session(), [name, id], options),
    );
}

function addOtherCommands(program: Command, session: Sessions): void {
  program
    .command('events')
    .description('What happened')
    .option('-w, --watch', 'and what comes')
    .option('--for <name>', 'only of this object')
    .action(async (options: { watch?: boolean; for?: string }) => (await import('./cli/commands/reports.ts')).events(session(), options));
  program
    .command('doctor')
    .description('What this computer can do, and how to mend what it cannot')
    .action(async () => {
      const { doctor } = await import('./cli/commands/reports.ts');
      if (!(await doctor(session()))) process.exitCode = 1;
    });
  addHostCommands(program, session);
  program
    .command('kubeconfig')
    .description('A context for kubectl, virtctl and Ansible, for the running core')
    .option('--merge', 'put it into your kubeconfig instead of printing it')
    .option('--view', 'for looking only')
    .option('--embed-certs', 'with a copy of the authorities; it is good until they expire')
    .action(async (options: KubeconfigOptions) => (await import('./cli/commands/kubeconfig.ts')).kubeconfig(session(), options));
  program
    .command('credential')
    .description('A client certificate for an hour; kubectl runs this by itself')
    .option('--view', 'for looking only')
    .action(async (options: { view?: boolean }) => (await import('./cli/commands/credential.ts')).credential(session(), options));
  program
    .command('token')
    .description('A bearer token for an hour')
    .option('--view', 'for looking only')
    .action(async (options: { view?: boolean }) => (await import('./cli/commands/credential.ts')).token(session(), options));
  // Handled by the launcher; named here for the help.
  const first = (name: string) => (): never => {
    throw new UsageError(`"${name}" comes first: virtdeck ${name} …`);
  };
  program
    .command('serve')
    .description('Run the core without a window')
    .option('--listen <host:port>', 'serve HTTPS for kubectl, virtctl, Ansible and browsers, too; port 0 takes a free one')
    .option('--expose', 'let --listen name an address that other computers reach')
    .action(first('serve'));
  program.command('open').description('Open the window').option('--no-window', 'only print its address').action(first('open'));
  program
    .command('completion <shell>')
    .description('Completion for bash, zsh or fish: source <(virtdeck completion bash)')
    .action(async (shell: string) => {
      const { completionScript } = await import('./cli/completion.ts');
      process.stdout.write(completionScript(shell));
    });
  program
    .command('__complete [words...]', { hidden: true })
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const commands = program.commands.map((command) => command.name()).filter((name) => !name.startsWith('_'));
      const machineCommands = [
        ...verbRows.map((row) => row.verb),
        'why',
        'history',
        'undo',
        'console',
        'vnc',
        'logs',
        'evidence',
        ...guestCommandNames,
      ];
      const { completions } = await import('./cli/completion.ts');
      const { where, namespace } = session();
      process.stdout.write(`${(await completions({ words, commands, machineCommands, socket: where.socket, namespace })).join('\n')}\n`);
    });
}
