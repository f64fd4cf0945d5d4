// Owns asking a cluster whether it can be used, and what for.
// Must not judge the answers; core/clusters does.
import { type ConnectionReport, permissions } from '../../api/clusters.ts';
import { AppError } from '../../api/errors.ts';
import type { ConnectionSpec } from '../../api/kinds/connection.ts';
import {
  accessQuestion,
  type ClusterReply,
  connectionReport,
  groupsQuestion,
  kubevirtQuestion,
  versionQuestion,
} from '../../core/clusters/connection-report.ts';
import type { ClusterPort, ClusterQuestion } from '../ports.ts';

export async function report(port: ClusterPort, spec: ConnectionSpec): Promise<ConnectionReport> {
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
