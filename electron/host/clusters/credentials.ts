// Owns how a context is spoken to: TLS, client certificate, token, or the program that its kubeconfig names.
// Must not keep a credential longer than the program said it is good for, and must not run what nobody agreed to.
import { readFile } from 'node:fs/promises';
import type { Agent, AgentOptions, RequestOptions } from 'node:https';
import { rootCertificates } from 'node:tls';
import { reasonOf } from '../errno.ts';
import type { ClusterPlace } from '../../engine/ports.ts';
import { commandOf, type ContextParts, isExec, readContext, refused } from './kubeconfig.ts';

/** What one request needs. */
export interface Way {
  readonly parts: ContextParts;
  readonly server: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Ways {
  /** Throws what is wrong with the kubeconfig, Forbidden for a program that nobody agreed to. */
  find(place: ClusterPlace): Promise<Way>;
  /** The cluster did not know the credential: the next one is asked for anew. */
  forget(place: ClusterPlace): void;
  close(): void;
}

interface KnownWay {
  /** Of everything that it was made from. */
  readonly mark: string;
  readonly way: Way;
}

/** The library's: it keeps what the program answered until that expires. */
interface SignIn {
  applyAuthentication(user: object, options: RequestOptions): Promise<void>;
}

export function createWays(): Ways {
  const ways = new Map<string, KnownWay>();
  const signIns = new Map<string, SignIn>();
  return {
    async find(place) {
      const parts = await readContext(place.kubeconfig, place.context);
      const id = idOf(place);
      const { tls, headers } = await optionsOf(parts, place, async () => {
        const known = signIns.get(id);
        if (known !== undefined) return known;
        const { ExecAuth } = await import('@kubernetes/client-node/dist/exec_auth.js');
        const made = new ExecAuth();
        signIns.set(id, made);
        return made;
      });
      const mark = JSON.stringify([parts.cluster, tls, headers]);
      const known = ways.get(id);
      if (known?.mark === mark) return known.way;
      known?.way.agent.destroy();
      const way = { parts, server: new URL(parts.cluster.server), agent: await agentFor(parts, tls), headers };
      ways.set(id, { mark, way });
      return way;
    },
    forget(place) {
      signIns.delete(idOf(place));
    },
    close() {
      for (const { way } of ways.values()) way.agent.destroy();
      ways.clear();
      signIns.clear();
    },
  };
}

function idOf({ kubeconfig = '', context, allowedCommand = [] }: ClusterPlace): string {
  return JSON.stringify([kubeconfig, context, allowedCommand]);
}

type Tls = Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;

interface Options {
  readonly tls: Tls;
  readonly headers: Readonly<Record<string, string>>;
}

async function optionsOf(parts: ContextParts, place: ClusterPlace, signIn: () => Promise<SignIn>): Promise<Options> {
  const { cluster, user } = parts;
  if (user.authProvider) {
    const message = `The context ${place.context} signs in with an auth-provider, which Kubernetes has given up.`;
    throw refused('BadRequest', 'spec.context', {
      message,
      reason: 'CredentialNotSupported',
      fix: 'Use the exec plugin of your provider.',
    });
  }
  const ca = await contentOf(cluster.caFile, cluster.caData);
  const cert = await contentOf(user.certFile, user.certData);
  const key = await contentOf(user.keyFile, user.keyData);
  const tls: Tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(cluster.tlsServerName === undefined ? {} : { servername: cluster.tlsServerName }),
    ...(cluster.skipTLSVerify ? { rejectUnauthorized: false } : {}),
  };
  const headers: Record<string, string> = {};
  if (user.impersonateUser) headers['impersonate-user'] = user.impersonateUser;
  if (user.username) headers['authorization'] = `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;
  if (user.token) headers['authorization'] = `Bearer ${user.token.trim()}`;
  if (!isExec(user.exec)) return { tls, headers };
  checkAllowed(parts, place);
  const given: RequestOptions = { ...tls, headers: {} };
  try {
    await (await signIn()).applyAuthentication({ name: user.name, exec: withInfo(parts) }, given);
  } catch (error) {
    const message = `${user.exec.command} gave no credential: ${reasonOf(error).trim()}`;
    throw refused('ServiceUnavailable', 'spec.context', {
      message,
      reason: 'CommandFailed',
      fix: 'Run it in a terminal to see what it needs.',
    });
  }
  const { headers: signed, cert: signedCert, key: signedKey } = given;
  const token = (signed as Readonly<Record<string, string>>)['Authorization'];
  const pair = signedCert === undefined || signedKey === undefined ? {} : { cert: signedCert, key: signedKey };
  return { tls: { ...tls, ...pair }, headers: { ...headers, ...(token === undefined ? {} : { authorization: token }) } };
}

/** With what client-go tells such a program: some want to know the cluster. Its environment is ours, as with kubectl. */
function withInfo({ user, cluster }: ContextParts): object {
  if (!isExec(user.exec)) return {};
  const info = {
    apiVersion: user.exec.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: cluster.server, 'certificate-authority-data': cluster.caData } },
  };
  const env = [...(user.exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }];
  return { ...user.exec, args: [...(user.exec.args ?? [])], env };
}

function checkAllowed({ user, shown }: ContextParts, { allowedCommand }: ClusterPlace): void {
  const command = commandOf(user) ?? [];
  if (JSON.stringify(command) === JSON.stringify(allowedCommand)) return;
  const message =
    allowedCommand === undefined
      ? `The context ${shown.name} signs in with a program, which nobody has allowed yet: ${command.join(' ')}`
      : `The kubeconfig names another program than the one that was allowed: ${command.join(' ')}`;
  throw refused('Forbidden', 'spec.allowedCommand', { message, reason: 'CommandNotAllowed', fix: 'Allow it, if you know it.' });
}

async function contentOf(file: string | undefined, data: string | undefined): Promise<Buffer | undefined> {
  if (file) {
    try {
      return await readFile(file);
    } catch (error) {
      throw refused('BadRequest', 'spec.kubeconfig', { message: `The kubeconfig names ${file}, which cannot be read: ${reasonOf(error)}` });
    }
  }
  return data ? Buffer.from(data, 'base64') : undefined;
}

/** Node closes an idle connection after this; load balancers do so after sixty seconds at the earliest. */
const idleMs = 30_000;

async function agentFor({ cluster }: ContextParts, tls: Tls): Promise<Agent> {
  if (cluster.proxyUrl) return proxyAgent(cluster.server, cluster.proxyUrl, tls);
  const { Agent: HttpAgent } = await import('node:http');
  const { Agent: HttpsAgent } = await import('node:https');
  const options = { keepAlive: true, timeout: idleMs, ...tls };
  // An https Agent is what the callers' types name; a plain one does the same for an http server.
  return cluster.server.startsWith('https:') ? new HttpsAgent(options) : (new HttpAgent({ keepAlive: true }) as Agent);
}

/** The whole library knows how to go through a proxy. Who needs none does not load it. */
async function proxyAgent(server: string, proxyUrl: string, tls: Tls): Promise<Agent> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'cluster', server, skipTLSVerify: tls.rejectUnauthorized === false, proxyUrl }, { name: 'user' });
  const options: RequestOptions = { ...tls };
  await config.applyToHTTPSOptions(options);
  return options.agent as Agent;
}

/** The server's address may have a path of its own, as Rancher's have. */
export function urlOf({ server }: Way, path: string): URL {
  return new URL(`${server.origin}${server.pathname.replace(/\/$/, '')}${path}`);
}

/** Who may vouch for an address that the cluster named: everybody of this computer, and its own authority. */
export function authoritiesOf({ agent }: Way, more: string | undefined): (string | Buffer)[] {
  const own = agent.options.ca;
  return [...rootCertificates, ...[own ?? []].flat(), ...(more === undefined ? [] : [more])];
}
