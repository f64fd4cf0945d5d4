// Owns reading a kubeconfig: its contexts, and everything that belongs to one of them.
// Must not connect, and must not run what a kubeconfig names.
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import type { ContextList, CredentialType, KubeContext } from '../../api/clusters.ts';
import { AppError } from '../../api/errors.ts';
import { reasonOf } from '../errno.ts';

/** Everything of one context; relative paths are made absolute. */
export interface ContextParts {
  readonly context: Context;
  readonly cluster: Cluster;
  readonly user: User;
  readonly shown: KubeContext;
  readonly folder: string;
}

/** Credentials of many clusters with their certificates fit in. */
const maxBytes = 4 * 1024 * 1024;

/** kubectl merges the files of KUBECONFIG; here one is read: the first that is there. */
export function defaultKubeconfig(env: NodeJS.ProcessEnv = process.env): string {
  const [first] = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((part) => part !== '');
  return path.resolve(first ?? path.join(homedir(), '.kube', 'config'));
}

export async function readContexts(file = defaultKubeconfig()): Promise<ContextList> {
  const { contexts } = await readKubeconfig(file);
  return { path: file, contexts: contexts.map(({ shown }) => shown) };
}

/** Throws NotFound with what there is instead. */
export async function readContext(file: string, name: string): Promise<ContextParts> {
  const { contexts } = await readKubeconfig(file);
  const found = contexts.find(({ context }) => context.name === name);
  if (found !== undefined) return found;
  const names = contexts.map(({ context }) => context.name).join(', ');
  throw refused('NotFound', 'spec.context', {
    message: `${file} has no context ${name}.`,
    fix: names === '' ? 'Choose another file.' : `Use one of: ${names}.`,
  });
}

async function readKubeconfig(file: string): Promise<{ readonly contexts: readonly ContextParts[] }> {
  const value = await parsed(file);
  // These readers alone: the library's main file loads 80 MB of generated clients.
  const { newClusters, newContexts, newUsers } = await import('@kubernetes/client-node/dist/config_types.js');
  try {
    const options = { onInvalidEntry: 'filter' as const };
    const folder = path.dirname(file);
    const clusters = newClusters(value['clusters'], options);
    const users = newUsers(value['users'], options);
    const current = value['current-context'];
    const contexts = newContexts(value['contexts'], options).flatMap((context): ContextParts[] => {
      const cluster = clusters.find(({ name }) => name === context.cluster);
      if (cluster === undefined || !/^https?:\/\//.test(cluster.server)) return [];
      const user = users.find(({ name }) => name === context.user) ?? { name: context.user };
      const parts = { cluster: withAbsolute(cluster, folder, ['caFile']), user: absoluteUser(user, folder) };
      return [{ context, folder, ...parts, shown: shownContext(context, parts, context.name === current) }];
    });
    return { contexts };
  } catch (error) {
    throw refused('BadRequest', 'spec.kubeconfig', { message: `${file} is no kubeconfig: ${reasonOf(error)}` });
  }
}

async function parsed(file: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    if ((await stat(file)).size > maxBytes) throw new Error('it is too large');
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw refused('NotFound', 'spec.kubeconfig', {
      message: `The kubeconfig ${file} cannot be read: ${reasonOf(error)}`,
      fix: 'Choose a file that you may read.',
    });
  }
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
