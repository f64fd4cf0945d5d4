// Owns `virtdeck kubeconfig`: a context for the running core, printed or put into the user's file.
// Must not write a secret: the context asks `virtdeck credential` for one at each call.
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Document, isMap, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import type { ApiAccess, Role } from '../../api/certificates.ts';
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface KubeconfigOptions {
  readonly merge?: boolean;
  readonly view?: boolean;
  readonly embedCerts?: boolean;
}

const clusterName = 'virtdeck';

/** The exec credential's version that kubectl 1.20 knows and later ones still take. */
const execVersion = 'client.authentication.k8s.io/v1beta1';

export async function kubeconfig(session: Session, options: KubeconfigOptions): Promise<void> {
  const access = (await session.request({ method: 'POST', path: '/apis/virtdeck.io/v1alpha1/apiaccess' })) as ApiAccess;
  const parts = partsFor(session, access, options);
  if (options.merge !== true) {
    const whole = { apiVersion: 'v1', kind: 'Config', ...listsOf(parts), 'current-context': parts.context.name };
    return session.print(new Document(whole).toString({ lineWidth: 0 }));
  }
  const file = userFile();
  merge(file, parts);
  session.print(`The context "${parts.context.name}" is in ${file}. Try: kubectl --context ${parts.context.name} get vm`);
}

interface Named {
  readonly name: string;
  readonly [field: string]: unknown;
}

interface Parts {
  readonly cluster: Named;
  readonly user: Named;
  readonly context: Named;
}

function partsFor(session: Session, access: ApiAccess, options: KubeconfigOptions): Parts {
  const role: Role = options.view === true ? 'view' : 'admin';
  const name = role === 'view' ? `${clusterName}-view` : clusterName;
  const { dataDir, runDir } = session.where;
  const launcher = process.argv[1];
  if (launcher === undefined || access.server === undefined) throw new UsageError('The core does not serve HTTPS.');
  const args = [realpathSync(launcher), 'credential', '--data', dataDir, '--run', runDir, ...(role === 'view' ? ['--view'] : [])];
  // The file is written anew at each rotation; data that was copied is good until its authority ends.
  const authority =
    options.embedCerts === true
      ? { 'certificate-authority-data': Buffer.from(access.certificateAuthorityData ?? '').toString('base64') }
      : { 'certificate-authority': access.certificateAuthority };
  return {
    cluster: { name: clusterName, cluster: { server: access.server, ...authority } },
    user: { name, user: { exec: { apiVersion: execVersion, command: process.execPath, args, interactiveMode: 'Never' } } },
    context: { name, context: { cluster: clusterName, user: name, namespace: session.namespace } },
  };
}

function listsOf({ cluster, user, context }: Parts): Readonly<Record<string, readonly Named[]>> {
  return { clusters: [cluster], users: [user], contexts: [context] };
}

/** kubectl writes to the first file of KUBECONFIG, too. */
function userFile(): string {
  const [first] = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((part) => part !== '');
  return first ?? join(homedir(), '.kube', 'config');
}

/** Comments and other contexts stay as they are; the current context changes only where there was none. */
function merge(file: string, parts: Parts): void {
  const there = existsSync(file);
  const document = parseDocument(there ? readFileSync(file, 'utf8') : 'apiVersion: v1\nkind: Config\n');
  if (document.errors.length > 0 || !(document.contents === null || isMap(document.contents))) {
    throw new UsageError(`${file} is no kubeconfig: ${document.errors[0]?.message ?? 'it holds no fields'}`);
  }
  for (const [list, [named]] of Object.entries(listsOf(parts))) if (named !== undefined) put(document, list, named);
  if (typeof document.get('current-context') !== 'string' || document.get('current-context') === '') {
    document.set('current-context', parts.context.name);
  }
  write(there ? realpathSync(file) : file, document.toString({ lineWidth: 0 }));
}

function put(document: Document, list: string, named: Named): void {
  const items = document.get(list);
  const node = document.createNode(named) as YAMLMap;
  if (!(items instanceof YAMLSeq)) return document.set(list, [named]);
  items.flow = false;
  const at = items.items.findIndex((item) => isMap(item) && item.get('name') === named.name);
  if (at < 0) items.items.push(node);
  else items.items[at] = node;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}.new`;
  try {
    writeFileSync(fresh, text, { mode: 0o600 });
    chmodSync(fresh, 0o600);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
