// Owns reading kubeconfigs: their contexts, and everything that belongs to one of them.
// Must not connect, and must not run what a kubeconfig names.
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import type { ContextList, CredentialType, KubeContext } from '../../api/clusters.ts';
import { AppError } from '../../api/errors.ts';
import { errnoOf, reasonOf } from '../errno.ts';

/** Everything of one context; relative paths are made absolute. */
export interface ContextParts {
  readonly context: Context;
  readonly cluster: Cluster;
  readonly user: User;
  readonly shown: KubeContext;
}

/** Credentials of many clusters with their certificates fit in. */
const maxBytes = 4 * 1024 * 1024;

/** Where kubectl looks: every file of KUBECONFIG, else ~/.kube/config. */
export function userKubeconfigs(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const named = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((part) => part !== '');
  const files = named.length === 0 ? [path.join(homedir(), '.kube', 'config')] : named;
  return [...new Set(files.map((file) => path.resolve(file)))];
}

/** Absent: the user's own. */
export async function readContexts(kubeconfig?: string): Promise<ContextList> {
  const files = filesOf(kubeconfig);
  const contexts = await readMerged(files);
  return { path: files.join(path.delimiter), contexts: contexts.map(({ shown }) => shown) };
}

/** Throws NotFound with what there is instead. */
export async function readContext(kubeconfig: string | undefined, name: string): Promise<ContextParts> {
  const files = filesOf(kubeconfig);
  const contexts = await readMerged(files);
  const found = contexts.find(({ context }) => context.name === name);
  if (found !== undefined) return found;
  const names = contexts.map(({ context }) => context.name).join(', ');
  throw refused('NotFound', 'spec.context', {
    message: `${files.join(path.delimiter)} has no context ${name}.`,
    fix: names === '' ? 'Choose another file.' : `Use one of: ${names}.`,
  });
}

function filesOf(kubeconfig: string | undefined): readonly string[] {
  return kubeconfig === undefined ? userKubeconfigs() : [kubeconfig];
}

interface Kubeconfig {
  readonly clusters: readonly Cluster[];
  readonly users: readonly User[];
  readonly contexts: readonly Context[];
  readonly current: unknown;
}

/** As kubectl: of two entries with one name the first counts, whole; a context may name a cluster of another file. */
async function readMerged(files: readonly string[]): Promise<readonly ContextParts[]> {
  const configs: Kubeconfig[] = [];
  const missing: unknown[] = [];
  for (const file of files) {
    const text = await textOf(file).catch((error: unknown) => {
      // A file of the list may be absent, as long as one is there. One that may not be read is no absent one.
      if (!(error instanceof AppError) || error.code !== 'NotFound') throw error;
      missing.push(error);
    });
    if (text !== undefined) configs.push(await configOf(file, text));
  }
  if (configs.length === 0) throw missing[0];
  const clusters = firstOfName(configs.flatMap((config) => config.clusters));
  const users = firstOfName(configs.flatMap((config) => config.users));
  const current = configs.map((config) => config.current).find((name) => typeof name === 'string' && name !== '');
  return firstOfName(configs.flatMap((config) => config.contexts)).flatMap((context): ContextParts[] => {
    const cluster = clusters.find(({ name }) => name === context.cluster);
    if (cluster === undefined || !/^https?:\/\//.test(cluster.server)) return [];
    const user = users.find(({ name }) => name === context.user) ?? { name: context.user };
    return [{ context, cluster, user, shown: shownContext(context, { cluster, user }, context.name === current) }];
  });
}

function firstOfName<Entry extends { readonly name: string }>(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(({ name }, index) => entries.findIndex((other) => other.name === name) === index);
}

async function configOf(file: string, text: string): Promise<Kubeconfig> {
  const value = await parsed(file, text);
  // These readers alone: the library's main file loads 80 MB of generated clients.
  const { newClusters, newContexts, newUsers } = await import('@kubernetes/client-node/dist/config_types.js');
  try {
    const options = { onInvalidEntry: 'filter' as const };
    const folder = path.dirname(file);
    return {
      clusters: newClusters(value['clusters'], options).map((cluster) => withAbsolute(cluster, folder, ['caFile'])),
      users: newUsers(value['users'], options).map((user) => absoluteUser(user, folder)),
      contexts: newContexts(value['contexts'], options),
      current: value['current-context'],
    };
  } catch (error) {
    throw refused('BadRequest', 'spec.kubeconfig', { message: `${file} is no kubeconfig: ${reasonOf(error)}` });
  }
}

async function textOf(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > maxBytes) throw new Error('it is too large');
    return await readFile(file, 'utf8');
  } catch (error) {
    throw refused(errnoOf(error) === 'ENOENT' ? 'NotFound' : 'BadRequest', 'spec.kubeconfig', {
      message: `The kubeconfig ${file} cannot be read: ${reasonOf(error)}`,
      fix: 'Choose a file that you may read.',
    });
  }
}

async function parsed(file: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  const { parse } = await import('yaml');
  try {
    const value: unknown = parse(text, { maxAliasCount: 10 });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw refused('BadRequest', 'spec.kubeconfig', { message: `${file} is no kubeconfig: ${reasonOf(error)}` });
  }
  throw refused('BadRequest', 'spec.kubeconfig', { message: `${file} is no kubeconfig: it holds no fields.` });
}

function withAbsolute<Part extends object>(part: Part, folder: string, fields: readonly (keyof Part)[]): Part {
  const paths = fields.flatMap((field) => {
    const value = part[field];
    return typeof value === 'string' && value !== '' ? [[field, path.resolve(folder, value)] as const] : [];
  });
  return { ...part, ...Object.fromEntries(paths) };
}

/** A program without a slash is looked for in PATH; one with a slash stands beside the file, as for kubectl. */
function absoluteUser(user: User, folder: string): User {
  const files = withAbsolute(user, folder, ['certFile', 'keyFile']);
  const exec: unknown = user.exec;
  if (!isExec(exec) || !exec.command.includes('/')) return files;
  return { ...files, exec: { ...exec, command: path.resolve(folder, exec.command) } };
}

function shownContext(context: Context, { cluster, user }: Pick<ContextParts, 'cluster' | 'user'>, isCurrent: boolean): KubeContext {
  const command = commandOf(user);
  return {
    name: context.name,
    cluster: context.cluster,
    user: context.user,
    server: cluster.server,
    ...(context.namespace === undefined ? {} : { namespace: context.namespace }),
    isCurrent,
    credential: credentialOf(user),
    ...(command === undefined ? {} : { command }),
  };
}

function credentialOf(user: User): CredentialType {
  if (user.authProvider) return 'plugin';
  if (user.exec) return 'command';
  if (user.token) return 'token';
  if (user.certFile || user.certData) return 'certificate';
  return user.username ? 'password' : 'none';
}

export interface ExecPart {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

export function isExec(value: unknown): value is ExecPart {
  return typeof value === 'object' && value !== null && 'command' in value && typeof value.command === 'string';
}

/** Everything that decides what runs: a changed variable can make a harmless program load another one. */
export function commandOf({ exec }: User): readonly string[] | undefined {
  if (!isExec(exec)) return undefined;
  const env = (exec.env ?? []).map(({ name, value }) => `${name}=${value}`);
  return [...env, exec.command, ...(exec.args ?? []).map(String)];
}

export interface Refusing {
  readonly message: string;
  readonly fix?: string;
  readonly reason?: string;
}

export function refused(code: 'NotFound' | 'BadRequest' | 'Forbidden' | 'ServiceUnavailable', field: string, why: Refusing): AppError {
  const { message, fix, reason = 'FieldValueInvalid' } = why;
  return new AppError(code, message, { causes: [{ reason, field, message, ...(fix === undefined ? {} : { fix }) }] });
}
