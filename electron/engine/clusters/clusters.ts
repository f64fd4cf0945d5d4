// Owns speaking to clusters by the name of their connection: requests, consoles, and whether one can be used.
// Must not decide who may ask; the server does.
import type { ByteChannel } from '../../api/channel.ts';
import type { ConnectionReport, ContextList } from '../../api/clusters.ts';
import { AppError } from '../../api/errors.ts';
import type { Connection, ConnectionSpec } from '../../api/kinds/connection.ts';
import { resources } from '../../api/resources.ts';
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
    report: async (spec) => (await import('./report.ts')).report(port, spec),
    async namespaceOf(name) {
      const { spec } = connection(name);
      return spec.namespace ?? (await port.context(spec)).namespace ?? 'default';
    },
    request: (name, request) => port.request(connection(name).spec, request),
    ask: (name, question) => port.ask(connection(name).spec, question),
    open: (name, path) => port.open(connection(name).spec, path),
  };
}
