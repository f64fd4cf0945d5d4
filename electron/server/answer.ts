// Owns how an answer is written: JSON with its length, the same as YAML, or a Status.
// Must not decide what is answered.
import { AppError, type Status, statusOf } from '../api/errors.ts';

const jsonType = 'application/json';

export function json(value: unknown, status = 200): Response {
  return jsonText(JSON.stringify(value), status);
}

/** Text that is JSON already. The length is always said, so that a client sees a cut answer. */
export function jsonText(encoded: string, status = 200, type = jsonType): Response {
  const body = Buffer.from(encoded);
  return new Response(body, { status, headers: { 'content-type': type, 'content-length': String(body.byteLength) } });
}

/** The answer as YAML when it is JSON; a stream stays what it is. */
export async function asYaml(answer: Response): Promise<Response> {
  if (answer.headers.get('content-type') !== jsonType) return answer;
  const { yamlText } = await import('./yaml.ts');
  return jsonText(yamlText(await answer.text()), answer.status, 'application/yaml');
}

export function bytes(body: Uint8Array, type: string): Response {
  return new Response(Buffer.from(body), { headers: { 'content-type': type, 'content-length': String(body.byteLength) } });
}

export function text(body: string, status = 200): Response {
  return jsonText(body, status, 'text/plain; charset=utf-8');
}

/** Where a refusal happened, for the Status' details. */
export type Details = Omit<NonNullable<Status['details']>, 'causes'>;

export function refusal(error: AppError, details?: Details): Response {
  const status = statusOf(error, details);
  return json(status, status.code);
}

/** The answer to a console that could not be opened. Router.open rejects with AppError alone. */
export function openRefusal(error: unknown): Response {
  return refusal(error instanceof AppError ? error : ourFault());
}

/** What a caller learns of an error that is not his: nothing. */
export function ourFault(): AppError {
  return new AppError('Internal', 'Internal error occurred: the log of the core says more.');
}
