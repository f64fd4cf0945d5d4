// Owns starting the core with the user's session: the text of a systemd user unit, and its being enabled.
// Must not start or stop the core now; that is the user's.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LoginStart } from '../../api/login-start.ts';
import { AppError } from '../../api/errors.ts';
import { type CommandResult, findProgram, runCommand } from '../exec.ts';
import { isThere } from '../is-there.ts';
import { writePrivateFile } from '../private-file.ts';

export interface LoginUnitPlaces {
  readonly dataDir: string;
  readonly runDir: string;
  /** Node, or Electron that can be it. */
  readonly node: string;
  readonly isElectron: boolean;
  readonly launcher: string;
}

const unitName = 'virtdeck.service';
const answerMs = 10_000;

/** Guests outlive the core: ending the service must end the core alone, wherever they could not be given scopes of their own. */
export function unitText({ dataDir, runDir, node, isElectron, launcher }: LoginUnitPlaces): string {
  const command = [node, launcher, 'serve', '--data', dataDir, '--run', runDir].map(quoted).join(' ');
  return [
    '[Unit]',
    'Description=Virtdeck: virtual machines that start with the session',
    '',
    '[Service]',
    'Type=exec',
    ...(isElectron ? ['Environment=ELECTRON_RUN_AS_NODE=1'] : []),
    `ExecStart=${command}`,
    'KillMode=process',
    'Restart=on-failure',
    'RestartSec=5',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** systemd.syntax(7) and systemd.service(5): quotes, escapes, specifiers and variables mean something in a command line. */
function quoted(word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$');
  return `"${escaped}"`;
}

export async function loginStart(env: NodeJS.ProcessEnv = process.env): Promise<LoginStart> {
  const unitFile = unitFileOf(env);
  const systemctl = await findProgram('systemctl');
  const reached = systemctl === undefined ? undefined : await ask(systemctl, ['show-environment']);
  if (reached?.code !== 0) {
    const message = 'No systemd serves this user here, so nothing can be started with the session.';
    return { available: false, enabled: false, unitFile, message };
  }
  const enabled = systemctl !== undefined && (await isThere(unitFile)) && (await ask(systemctl, ['is-enabled', unitName])).code === 0;
  return { available: true, enabled, unitFile };
}

/** Throws ServiceUnavailable without systemd, ToolFailed with its words. */
export async function setLoginStart(enabled: boolean, places: LoginUnitPlaces, env: NodeJS.ProcessEnv = process.env): Promise<LoginStart> {
  const now = await loginStart(env);
  const systemctl = await findProgram('systemctl');
  if (!now.available || systemctl === undefined) throw new AppError('ServiceUnavailable', now.message ?? 'systemd is not there.');
  if (enabled) {
    await mkdir(path.dirname(now.unitFile), { recursive: true });
    await writePrivateFile(now.unitFile, unitText(places));
    await must(systemctl, ['daemon-reload']);
    await must(systemctl, ['enable', unitName]);
  } else if (await isThere(now.unitFile)) {
    await must(systemctl, ['disable', unitName]);
    await rm(now.unitFile, { force: true });
    await must(systemctl, ['daemon-reload']);
  }
  return await loginStart(env);
}

function unitFileOf(env: NodeJS.ProcessEnv): string {
  const own = env['XDG_CONFIG_HOME'];
  const config = own !== undefined && path.isAbsolute(own) ? own : path.join(env['HOME'] ?? '/', '.config');
  return path.join(config, 'systemd/user', unitName);
}

async function ask(program: string, args: readonly string[]): Promise<CommandResult> {
  return await runCommand({ program, args: ['--user', ...args], timeoutMs: answerMs });
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await ask(program, args);
  if (code !== 0) throw new AppError('ToolFailed', `systemctl --user ${args.join(' ')} failed: ${stderr.trim().slice(0, 400)}`);
}
