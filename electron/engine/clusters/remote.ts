// Owns the objects of one cluster as a transfer reads and writes them; a refusal keeps the words of the cluster.
// Must not retry.
import { AppError, type Cause, errorTable, type ErrorCode } from '../../api/errors.ts';
import type { DraftObject, Json, JsonObject } from '../../api/object.ts';
import type { AskedAnswer } from '../ports.ts';
import type { Clusters } from './clusters.ts';
import type { Bell } from './wait.ts';

export interface Remote {
  /** Undefined when there is none. Throws what else the cluster refuses. */
  get(path: string): Promise<JsonObject | undefined>;
  /** Whether it is there; undefined when nobody may tell. */
  has(path: string): Promise<boolean | undefined>;
  create(path: string, object: DraftObject): Promise<JsonObject>;
  /** What the cluster would say: causes of a refusal, and warnings. */
  rehearse(path: string, object: DraftObject): Promise<{ readonly causes: readonly Cause[]; readonly warnings: readonly string[] }>;
  /** What is gone already is no failure. */
  remove(path: string): Promise<void>;
  merge(path: string, patch: JsonObject): Promise<void>;
  /** Rings when the object of that name changes, where the cluster lets its user watch. */
  bell(collection: string, name: string): Bell;
}

export function remoteOf(clusters: Clusters, connection: string): Remote {
  const ask = (method: string, path: string, body?: DraftObject): Promise<AskedAnswer> =>
    clusters.ask(connection, { method, path, ...(body === undefined ? {} : { body: body as unknown as JsonObject }) });
  return {
    async get(path) {
      const answer = await ask('GET', path);
      if (answer.status === 404) return undefined;
      return objectIn(answer);
    },
    async has(path) {
      const { status } = await ask('GET', path);
      if (status === 404) return false;
      return status < 300 ? true : undefined;
    },
    create: async (path, object) => objectIn(await ask('POST', path, object)),
    async rehearse(path, object) {
      const answer = await ask('POST', `${path}?dryRun=All&fieldValidation=Warn`, object);
      if (answer.status < 300) return { causes: [], warnings: answer.warnings };
      const refused = refusalIn(answer);
      const causes = refused.causes.length > 0 ? refused.causes : [{ reason: refused.code, field: '', message: refused.message }];
      return { causes, warnings: answer.warnings };
    },
    async remove(path) {
      const answer = await ask('DELETE', path);
      if (answer.status >= 300 && answer.status !== 404) throw refusalIn(answer);
    },
    async merge(path, patch) {
      const answer = await clusters.ask(connection, { method: 'PATCH', path, body: patch, contentType: 'application/merge-patch+json' });
      if (answer.status >= 300) throw refusalIn(answer);
    },
    bell: (collection, name) =>
      watched(clusters, connection, `${collection}?watch=true&fieldSelector=metadata.name%3D${encodeURIComponent(name)}`),
  };
}

/** Without a version the watch begins with what there is: nothing is missed between a look and its beginning. */
function watched(clusters: Clusters, connection: string, path: string): Bell {
  return (ring, silent) => {
    const line = { cancel: (): void => undefined, isOver: false };
    const listen = async (): Promise<void> => {
      const onBegin = (cancel: () => void): void => {
        line.cancel = cancel;
        if (line.isOver) cancel();
      };
      const answer = await clusters.request(connection, { method: 'GET', path, headers: { accept: 'application/json' }, onBegin });
      if (answer.status >= 300) return answer.cancel();
      for await (const { byteLength } of answer.body) if (byteLength > 0) ring();
    };
    // Cut off, or not allowed: whoever waits looks by himself then.
    void listen()
      .catch(() => undefined)
      .then(silent);
    return () => {
      line.isOver = true;
      line.cancel();
    };
  };
}

function objectIn(answer: AskedAnswer): JsonObject {
  if (answer.status >= 300) throw refusalIn(answer);
  const { value } = answer;
  if (isObject(value)) return value;
  throw new AppError('ServiceUnavailable', 'The cluster answers with something that is no object.');
}

function refusalIn({ status, value }: AskedAnswer): AppError {
  const code = (Object.keys(errorTable) as ErrorCode[]).find((known) => errorTable[known].status === status) ?? 'ServiceUnavailable';
  const said = isObject(value) && typeof value['message'] === 'string' ? value['message'] : `it answers ${status}`;
  const details = isObject(value) && isObject(value['details']) ? value['details']['causes'] : undefined;
  const causes = Array.isArray(details) ? details.flatMap(causeIn) : [];
  return new AppError(code, `The cluster refuses: ${said}`, { causes });
}

function causeIn(value: Json): Cause[] {
  if (!isObject(value)) return [];
  const { reason, field, message } = value;
  if (typeof message !== 'string') return [];
  return [{ reason: typeof reason === 'string' ? reason : 'Refused', field: typeof field === 'string' ? field : '', message }];
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `status.phase`; undefined when a step is missing. */
export function textAt(object: JsonObject | undefined, ...path: readonly string[]): string | undefined {
  let value: Json | undefined = object;
  for (const part of path) value = isObject(value) ? value[part] : undefined;
  return typeof value === 'string' ? value : undefined;
}
