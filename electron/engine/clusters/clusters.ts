// Owns speaking to clusters by the name of their connection: requests, consoles, and whether one can be used.
// Must not decide who may ask; the server does.
import type { ByteChannel } from '../../api/channel.ts';
import { type ConnectionReport, type ContextList, permissions } from '../../api/clusters.ts';
import { AppError } from '../../api/errors.ts';
import type { Connection, ConnectionSpec } from '../../api/kinds/connection.ts';
import { resources } from '../../api/resources.ts';
import {
  accessQuestion,
  type ClusterReply,
  connectionReport,
  groupsQuestion,
  kubevirtQuestion,
  versionQuestion,
} from '../../core/clusters/connection-report.ts';
import type { AskedAnswer, ClusterAnswer, ClusterPort, ClusterQuestion, ClusterRequest, StoreReader } from '../ports.ts';
import { read } from '../typed.ts';

export interface Clusters {
  contexts(kubeconfig?: string): Promise<ContextList>;
  /** Throws NotFound. */
  connection(name: string): Connection;
  report(spec: ConnectionSpec): Promise<ConnectionReport>;
  /** The project that is worked in. */
  namespaceOf(name: string): Promise<string>;
  request(name: string, request: ClusterRequest): Promise<ClusterAnswer>;
  /** One question, one JSON answer, whatever its status. */
  ask(name: string, question: ClusterQuestion): Promise<AskedAnswer>;
  open(name: string, path: string): Promise<ByteChannel>;
}

export function createClusters({ store, port }: { readonly store: StoreReader; readonly port: ClusterPort }): Clusters {
  const connection = (name: string): Connection => {
    const found = read(store, { resource: resources.connections, name });
    if (found === undefined) throw new AppError('NotFound', `${resources.connections} "${name}" not found`);
    return found;
  };
  return {
    contexts: (kubeconfig) => port.contexts(kubeconfig),
    connection,
    report: (spec) => report(port, spec),
    async namespaceOf(name) {
      const { spec } = connection(name);
      return spec.namespace ?? (await port.context(spec)).namespace ?? 'default';
    },
    request: (name, request) => port.request(connection(name).spec, request),
    ask: (name, question) => port.ask(connection(name).spec, question),
    open: (name, path) => port.open(connection(name).spec, path),
  };
}

async function report(port: ClusterPort, spec: ConnectionSpec): Promise<ConnectionReport> {
  const { context } = spec;
  const ask = (question: ClusterQuestion): Promise<ClusterReply> => reply(port, spec, question);
  const known = await port.context(spec).then(
    (found) => found,
    (error: unknown) => error,
  );
  const shown = known instanceof Error ? undefined : (known as Awaited<ReturnType<ClusterPort['context']>>);
  const namespace = spec.namespace ?? shown?.namespace ?? 'default';
  const first: ClusterReply = shown === undefined ? failed(known) : await ask(kubevirtQuestion);
  const base = { context, namespace, ...(shown === undefined ? {} : { server: shown.server }), kubevirt: first };
  // Whoever does not answer one question is not kept waiting for with twelve.
  if (!('status' in first)) return connectionReport({ ...base, version: first, groups: first, access: {} });
  const [version, groups, listEverywhere, ...answers] = await Promise.all([
    ask(versionQuestion),
    ask(groupsQuestion),
    ask(accessQuestion('list', undefined)),
    ...permissions.map((permission) => ask(accessQuestion(permission, namespace))),
  ]);
  const access = Object.fromEntries(permissions.map((permission, index) => [permission, answers[index]]));
  return connectionReport({ ...base, version, groups, listEverywhere, access });
}

async function reply(port: ClusterPort, spec: ConnectionSpec, question: ClusterQuestion): Promise<ClusterReply> {
  try {
    return await port.ask(spec, question);
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): ClusterReply {
  if (!(error instanceof AppError)) throw error;
  if (error.causes.length > 0) return { causes: error.causes };
  return { causes: [{ reason: error.code, field: 'spec.context', message: error.message }] };
}
