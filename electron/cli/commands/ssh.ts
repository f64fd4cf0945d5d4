// Owns `virtdeck ssh`: the user's own ssh, led to the guest through a forwarded port.
// Must not speak ssh itself.
import { spawn } from 'node:child_process';
import { wholeNumber } from '../options.ts';
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';
import { machineName } from './port-forward.ts';

export interface SshOptions {
  readonly username?: string;
  readonly port: string;
  readonly identityFile?: string;
  /** For ssh itself, one word each, as virtctl has it: `-o StrictHostKeyChecking=no`. */
  readonly localSshOpts?: readonly string[];
}

interface Asked {
  readonly name: string;
  readonly command: readonly string[];
}

/** The exit status of ssh. */
export async function ssh(session: Session, { name, command }: Asked, options: SshOptions): Promise<number> {
  const [user, target] = name.includes('@') ? (name.split('@', 2) as [string, string]) : [options.username, name];
  const machine = machineName(target);
  const port = wholeNumber('--port', options.port, 65_535);
  // Becomes a line for a shell of ssh's making: only what a name may hold.
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(machine) || !/^[a-z0-9][a-z0-9-]*$/.test(session.namespace)) {
    throw new UsageError(`"${machine}" is not the name of a machine`);
  }
  await session.connected();
  const proxy = [
    process.execPath,
    ...launcher(),
    '--namespace',
    session.namespace,
    ...(session.connection === undefined ? [] : ['--connection', session.connection]),
    '--data',
    session.where.dataDir,
    '--run',
    session.where.runDir,
    'port-forward',
    '--stdio',
    `vmi/${machine}`,
    String(port),
  ];
  const args = [
    '-o',
    `ProxyCommand=${proxy.map(quoted).join(' ')}`,
    // Each machine has a key of its own, whichever address it is reached by.
    '-o',
    `HostKeyAlias=${machine}.${session.namespace}.virtdeck`,
    ...(options.localSshOpts ?? []),
    ...(options.identityFile === undefined ? [] : ['-i', options.identityFile]),
    ...(user === undefined || user === '' ? [] : ['-l', user]),
    '--',
    `${machine}.${session.namespace}`,
    ...command,
  ];
  const child = spawn('ssh', args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code ?? 255));
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new UsageError('The program ssh is not installed: openssh-client in Debian.') : error),
    );
  });
}

/** How this very command was started. */
function launcher(): readonly string[] {
  return [...process.execArgv, ...process.argv.slice(1, 2)];
}

/** For sh(1), and `%` for ssh. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`).replaceAll('%', '%%')}'`;
}
