// Owns the `virtdeck` command: kubectl's and virtctl's verbs as a client of the API.
// Must not touch the store or the machine; whatever it does, curl can do.
import { Command, CommanderError } from 'commander';
import { act, verbRows, why, type VerbOptions } from './cli/commands/machine.ts';
import { openTerminal, logs, vnc } from './cli/commands/consoles.ts';
import { describe } from './cli/commands/describe.ts';
import { get, type GetOptions } from './cli/commands/get.ts';
import { doctor, events } from './cli/commands/reports.ts';
import { apply, create, edit, remove, type DeleteOptions, type WriteOptions } from './cli/commands/write.ts';
import { completions, completionScript } from './cli/completion.ts';
import { ApiRefusal } from './cli/connection.ts';
import { JsonPathError } from './cli/json-path.ts';
import { UsageError } from './cli/resource-names.ts';
import { Session } from './cli/session.ts';
import { places } from './places.ts';

interface Globals {
  readonly namespace: string;
  readonly allNamespaces?: boolean;
  readonly data?: string;
  readonly run?: string;
}

/** Runs one command; the exit status is 0, or 1 with a sentence on standard error. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command('virtdeck');
  program
    .description("Machines of this computer, in KubeVirt's language")
    .option('-n, --namespace <name>', 'project to work in', 'default')
    .option('-A, --all-namespaces', 'every project')
    .option('--data <folder>', 'data folder of the core (VIRTDECK_DATA)')
    .option('--run <folder>', 'run folder of the core (VIRTDECK_RUN)')
    .enablePositionalOptions(false)
    .showHelpAfterError()
    .exitOverride();
  const session = (): Session => {
    const globals = program.opts<Globals>();
    return new Session(places(globals), { namespace: globals.namespace, allNamespaces: globals.allNamespaces === true });
  };
  addObjectCommands(program, session);
  addMachineCommands(program, session);
  addOtherCommands(program, session);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    process.exitCode = reportError(error);
  }
}

type Sessions = () => Session;

function addObjectCommands(program: Command, session: Sessions): void {
  program
    .command('get <type> [names...]')
    .description('Show objects: vm, vmi, dv, pvc, nodes, ns, secrets, events, settings')
    .option('-o, --output <format>', 'json, yaml, wide, name, jsonpath=…')
    .option('-w, --watch', 'show changes as they come')
    .option('-l, --selector <labels>', 'by label, such as app=web')
    .option('--field-selector <fields>', 'by field, such as metadata.name=web')
    .option('--no-headers', 'without the first line')
    .action((type: string, names: string[], options: GetOptions) => get(session(), [type, ...names], options));
  program
    .command('describe <type> [names...]')
    .description('Show an object in words, with its events')
    .action((type: string, names: string[]) => describe(session(), [type, ...names]));
  const writer = (name: string, help: string, run: (s: Session, options: WriteOptions) => Promise<void>): void => {
    program
      .command(name)
      .description(help)
      .requiredOption('-f, --filename <files...>', 'manifest files, folders, or - for standard input')
      .option('--dry-run <mode>', 'server: check everything, change nothing')
      .action((options: WriteOptions) => run(session(), options));
  };
  writer('create', 'Create objects from manifests', create);
  writer('apply', 'Create objects, or change them to what the manifests say', apply);
  program
    .command('delete [type] [names...]')
    .description('Delete objects')
    .option('-f, --filename <files...>', 'what these manifests name', [])
    .option('--all', 'every object of the type in the project')
    .option('--cascade <policy>', 'background, foreground or orphan', 'background')
    .option('--grace-period <seconds>', '0 cuts the power')
    .option('--ignore-not-found', 'no error when it is gone already')
    .option('--no-wait', 'do not wait until it is gone')
    .option('--dry-run <mode>', 'server: check everything, change nothing')
    .action((type: string | undefined, names: string[], options: DeleteOptions) =>
      remove(session(), type === undefined ? [] : [type, ...names], options),
    );
  program
    .command('edit <type> [name]')
    .description('Change an object in your editor')
    .action((type: string, name: string | undefined) => edit(session(), name === undefined ? [type] : [type, name]));
}

function addMachineCommands(program: Command, session: Sessions): void {
  for (const row of verbRows) {
    const command = program.command(`${row.verb} <name>`).description(row.help);
    if (row.verb === 'start') command.option('--paused', 'stop before the first instruction');
    if (row.verb === 'stop' || row.verb === 'restart') {
      command.option('--grace-period <seconds>', 'how long the guest may take').option('--force', 'cut the power');
    }
    command.option('--dry-run', 'check everything, change nothing');
    command.action((name: string, options: VerbOptions) => act(session(), row, { name, options }));
  }
  program
    .command('why <name>')
    .description('Say every reason why a machine cannot start')
    .option('--command', 'with the QEMU command, flag by flag')
    .action(async (name: string, options: { command?: boolean }) => {
      if (!(await why(session(), name, options))) process.exitCode = 1;
    });
  program
    .command('console <name>')
    .description('The serial console; Ctrl+] leaves it')
    .action((name: string) => openTerminal(session(), name));
  program
    .command('vnc <name>')
    .description('The screen, in remote-viewer or vncviewer')
    .option('--proxy-only', 'only print the port to connect a viewer to')
    .option('--port <number>', 'port of the loopback to use')
    .action((name: string, options: { proxyOnly?: boolean; port?: string }) => vnc(session(), name, options));
  program
    .command('logs <name>')
    .description('What the serial console printed since power-on')
    .option('-f, --follow', 'and what comes')
    .action((name: string, options: { follow?: boolean }) => logs(session(), name, options));
}

function addOtherCommands(program: Command, session: Sessions): void {
  program
    .command('events')
    .description('What happened')
    .option('-w, --watch', 'and what comes')
    .option('--for <name>', 'only of this object')
    .action((options: { watch?: boolean; for?: string }) => events(session(), options));
  program
    .command('doctor')
    .description('What this computer can do, and how to mend what it cannot')
    .action(async () => {
      if (!(await doctor(session()))) process.exitCode = 1;
    });
  // Handled by the launcher; named here for the help.
  program.command('serve').description('Run the core without a window: --data DIR, --run DIR, --listen HOST:PORT');
  program.command('open').description('Open the window');
  program
    .command('completion <shell>')
    .description('Completion for bash, zsh or fish: source <(virtdeck completion bash)')
    .action((shell: string) => void process.stdout.write(completionScript(shell)));
  program
    .command('__complete [words...]', { hidden: true })
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const commands = program.commands.map((command) => command.name()).filter((name) => !name.startsWith('_'));
      const machineCommands = [...verbRows.map((row) => row.verb), 'why', 'console', 'vnc', 'logs'];
      const { where, namespace } = session();
      process.stdout.write(`${(await completions({ words, commands, machineCommands, socket: where.socket, namespace })).join('\n')}\n`);
    });
}

/** The sentence for the user; the exit status. */
function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof ApiRefusal) {
    const { status } = error;
    const causes = (status.details?.causes ?? []).map(
      ({ field, message, fix }) => `  * ${field}: ${message}${fix === undefined ? '' : ` ${fix}`}`,
    );
    const reason = status.reason === undefined || status.reason === '' ? '' : ` (${status.reason})`;
    process.stderr.write([`Error from server${reason}: ${error.message}`, ...causes].join('\n') + '\n');
    return 1;
  }
  if (error instanceof UsageError || error instanceof JsonPathError) {
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
  process.stderr.write(`${error instanceof Error ? `error: ${error.message}` : String(error)}\n`);
  return 1;
}
