// Owns real kubectl binaries: where they come from, and running one against a core.
// Must not install anything on the host.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, runCommand } from '../../electron/host/exec.ts';
import { unpacked } from './other-release.ts';

export interface Kubectl {
  /** `Debian trixie`, `PATH`. */
  readonly from: string;
  readonly path: string;
  /** 1.`minor`. */
  readonly minor: number;
  readonly version: string;
}

export interface Unavailable {
  readonly from: string;
  readonly why: string;
}

interface Release {
  readonly suite: string;
  readonly packageName: string;
}

/** From the oldest that Debian keeps to the newest there is; a Go program runs on any of its releases. */
const releases: readonly Release[] = [
  { suite: 'bookworm', packageName: 'kubernetes-client' },
  { suite: 'trixie', packageName: 'kubectl' },
  { suite: 'forky', packageName: 'kubectl' },
];

/** Every kubectl that can be had here, and why the others cannot. */
export async function kubectls(): Promise<{ readonly found: readonly Kubectl[]; readonly missing: readonly Unavailable[] }> {
  const found: Kubectl[] = [];
  const missing: Unavailable[] = [];
  const take = async (from: string, path: () => Promise<string>): Promise<void> => {
    try {
      const kubectl = await described(from, await path());
      if (found.every(({ version }) => version !== kubectl.version)) found.push(kubectl);
    } catch (error) {
      missing.push({ from, why: error instanceof Error ? error.message : String(error) });
    }
  };
  for (const release of releases) await take(`Debian ${release.suite}`, () => packaged(release));
  const inPath = (process.env['PATH'] ?? '').split(':').find((folder) => existsSync(join(folder, 'kubectl')));
  if (inPath !== undefined) await take('PATH', () => Promise.resolve(join(inPath, 'kubectl')));
  return { found, missing };
}

async function described(from: string, path: string): Promise<Kubectl> {
  const said = await runCommand({ program: path, args: ['version', '--client', '--output=json'], timeoutMs: 30_000 });
  if (said.code !== 0) throw new Error(`${path} does not run: ${said.stderr}`);
  const { clientVersion } = JSON.parse(said.stdout) as { readonly clientVersion: { readonly gitVersion: string; readonly minor: string } };
  return { from, path, version: clientVersion.gitVersion, minor: Number.parseInt(clientVersion.minor, 10) };
}

async function packaged({ suite, packageName }: Release): Promise<string> {
  return join(await unpacked(suite, [{ name: packageName }], `kubectl-${suite}`), 'usr/bin/kubectl');
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Runner {
  readonly kubectl: Kubectl;
  /** The namespace that every command is about, if it says no other. */
  readonly namespace: string;
  readonly folder: string;
  /** Whatever comes of it. */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<CommandResult>;
  /** Standard output; throws with standard error when the command fails. */
  readonly ok: (line: string, options?: RunOptions) => Promise<string>;
  /** Standard error of a command that must fail. */
  readonly fails: (line: string, options?: RunOptions) => Promise<string>;
}

export interface RunnerOptions {
  readonly kubectl: Kubectl;
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly folder: string;
}

/** Words of a line are split at blanks, save within single quotes. */
export function runner({ kubectl, kubeconfig, namespace, folder }: RunnerOptions): Runner {
  const run: Runner['run'] = async (args, options = {}) => {
    const own = args.includes('-n') || args.includes('-A') ? [] : ['-n', namespace];
    const given = options.input === undefined ? {} : { input: options.input };
    return runCommand({
      program: kubectl.path,
      args: [`--cache-dir=${join(folder, `cache-${kubectl.version}`)}`, ...own, ...args],
      timeoutMs: 60_000,
      cwd: folder,
      env: { HOME: folder, KUBECONFIG: kubeconfig, ...options.env },
      ...given,
    });
  };
  return {
    kubectl,
    namespace,
    folder,
    run,
    async ok(line, options) {
      const { code, stdout, stderr } = await run(words(line), options);
      if (code !== 0) throw new Error(`kubectl ${line}: ${stderr}${stdout}`);
      return stdout;
    },
    async fails(line, options) {
      const { code, stdout, stderr } = await run(words(line), options);
      if (code === 0) throw new Error(`kubectl ${line} succeeded: ${stdout}`);
      return stderr;
    },
  };
}

export function words(line: string): readonly string[] {
  return (line.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map((word) => word.replaceAll("'", ''));
}
