// Owns `virtdeck connections`: adding, listing, checking and removing clusters.
// Must not read a kubeconfig; the core does.
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { ConnectionReport, ContextList, KubeContext } from '../../api/clusters.ts';
import type { Cause } from '../../api/errors.ts';
import type { Connection, ConnectionSpec } from '../../api/kinds/connection.ts';
import { aligned, readableWords } from '../print.ts';
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface AddOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly project?: string;
  readonly uploadProxyUrl?: string;
  readonly allowCommand?: boolean;
}

const root = '/apis/virtdeck.io/v1alpha1';
const collection = `${root}/connections`;

export async function list(session: Session): Promise<void> {
  const { items } = (await session.home.request({ path: collection })) as { readonly items: readonly Connection[] };
  if (items.length === 0) {
    process.stderr.write('There is no connection yet. Add one: virtdeck connections add NAME --context CONTEXT\n');
    return;
  }
  const rows = await Promise.all(
    items.map(async ({ metadata: { name }, spec }) => {
      const report = await reportOf(session, name);
      const [first] = report.causes;
      return [
        name,
        spec.context,
        report.namespace,
        report.server ?? '',
        report.usable ? (report.version ?? 'usable') : (first?.message ?? ''),
      ];
    }),
  );
  session.print(aligned([['NAME', 'CONTEXT', 'PROJECT', 'SERVER', 'STATE'], ...rows]).join('\n'));
}

export async function add(session: Session, name: string, options: AddOptions): Promise<void> {
  const home = session.home;
  const file = options.kubeconfig === undefined ? undefined : resolve(options.kubeconfig);
  const query = file === undefined ? '' : `?path=${encodeURIComponent(file)}`;
  const { contexts, path } = (await home.request({ path: `${root}/kubeconfig${query}` })) as ContextList;
  const context = chosen(contexts, options.context, path);
  const project = options.project ?? context.namespace;
  const spec: ConnectionSpec = {
    ...(file === undefined ? {} : { kubeconfig: file }),
    context: context.name,
    ...(project === undefined ? {} : { namespace: project }),
    ...(options.uploadProxyUrl === undefined ? {} : { uploadProxyUrl: options.uploadProxyUrl }),
    ...(context.command === undefined ? {} : { allowedCommand: [...(await allowed(context, options))] }),
  };
  const draft = { apiVersion: 'virtdeck.io/v1alpha1', kind: 'Connection', metadata: { name }, spec };
  await home.request({ method: 'POST', path: collection, body: draft });
  session.print(`connection.virtdeck.io/${name} created`);
  await check(session, name);
}

/** Which program a kubeconfig names is anybody's guess who wrote it: its user reads the exact words and agrees. */
async function allowed({ name, command = [] }: KubeContext, { allowCommand }: AddOptions): Promise<readonly string[]> {
  if (allowCommand === true) return command;
  const said = `The context ${name} signs in by running:\n  ${readableWords(command)}\n`;
  if (!process.stdin.isTTY) throw new UsageError(`${said}Add --allow-command to let it run.`);
  process.stderr.write(said);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if (/^y(?:es)?$/i.test((await terminal.question('Let it run? [y/N] ')).trim())) return command;
  } finally {
    terminal.close();
  }
  throw new UsageError('Nothing was added.');
}

function chosen(contexts: readonly KubeContext[], asked: string | undefined, path: string): KubeContext {
  const found = contexts.find(({ name, isCurrent }) => (asked === undefined ? isCurrent : name === asked));
  if (found !== undefined) return found;
  const names = contexts.map(({ name }) => name).join(', ');
  throw new UsageError(
    `${path} has no ${asked === undefined ? 'current context' : `context ${asked}`}. It has: ${names === '' ? 'none' : names}`,
  );
}

/** Whether it can be used. */
export async function check(session: Session, name: string): Promise<boolean> {
  const report = await reportOf(session, name);
  if (!report.usable) {
    for (const cause of report.causes) session.print(causeText(cause));
    return false;
  }
  const words = (flags: Readonly<Record<string, boolean>>, value: boolean): string =>
    Object.entries(flags)
      .flatMap(([word, is]) => (is === value ? [word] : []))
      .join(', ');
  session.print(`${report.server ?? name} answers: Kubernetes ${report.version ?? 'of an unknown version'}, project ${report.namespace}.`);
  session.print(`You may: ${words(report.may, true)}.`);
  const not = words(report.may, false);
  if (not !== '') session.print(`You may not: ${not}.`);
  const missing = words(report.has, false);
  if (missing !== '') session.print(`The cluster does not have: ${missing}.`);
  return true;
}

export async function remove(session: Session, name: string): Promise<void> {
  await session.home.request({ method: 'DELETE', path: `${collection}/${encodeURIComponent(name)}` });
  session.print(`connection.virtdeck.io "${name}" deleted`);
}

/** Where commands work when they name no project. */
export async function projectOf(session: Session, name: string): Promise<string> {
  const { spec } = (await session.home.request({ path: `${collection}/${encodeURIComponent(name)}` })) as Connection;
  return spec.namespace ?? 'default';
}

async function reportOf(session: Session, name: string): Promise<ConnectionReport> {
  return (await session.home.request({ path: `${collection}/${encodeURIComponent(name)}/report` })) as ConnectionReport;
}

function causeText({ message, fix }: Cause): string {
  return fix === undefined ? message : `${message} ${fix}`;
}
