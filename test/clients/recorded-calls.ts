// Owns sending the HTTP calls that a client was recorded with to a core, one after the other.
// Must not judge the answers.
import type { KubeConfig } from '@kubernetes/client-node';
import { request, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';

export interface RecordedCall {
  /** Kubernetes' verb, as an audit log has it. */
  readonly verb: string;
  readonly uri: string;
  readonly code: number;
  readonly body: unknown;
}

export interface Answer {
  readonly code: number;
  readonly body: string;
}

const methods: Readonly<Record<string, string>> = {
  get: 'GET',
  list: 'GET',
  create: 'POST',
  patch: 'PATCH',
  update: 'PUT',
  delete: 'DELETE',
};

export function recordedCalls(lines: string): readonly RecordedCall[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedCall);
}

export async function replay(calls: readonly RecordedCall[], config: KubeConfig): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const [index, call] of calls.entries()) answers.push(await sent(whole(call, calls[index + 1]), config));
  return answers;
}

/** An audit log has no content types: the client tries a strategic patch, is refused with 415, and sends the same body as a merge patch. */
function whole(call: RecordedCall, next: RecordedCall | undefined): RecordedCall & { readonly type: string } {
  if (call.verb !== 'patch') return { ...call, type: 'application/json' };
  if (call.code === 415) return { ...call, body: next?.body, type: 'application/strategic-merge-patch+json' };
  return { ...call, type: 'application/merge-patch+json' };
}

async function sent({ verb, uri, body, type }: RecordedCall & { readonly type: string }, config: KubeConfig): Promise<Answer> {
  const options: RequestOptions = { method: methods[verb], headers: { accept: 'application/json', 'content-type': type } };
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    const asked = request(new URL(uri, config.getCurrentCluster()?.server), options, (answer) => {
      text(answer).then((said) => resolve({ code: answer.statusCode ?? 0, body: said }), reject);
    });
    asked.on('error', reject);
    asked.end(body === null || body === undefined ? undefined : JSON.stringify(body));
  });
}
