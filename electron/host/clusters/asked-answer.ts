// Owns reading the whole answer to a question of our own: JSON, and what the cluster warned of.
// Must not judge it.
import { AppError } from '../../api/errors.ts';
import type { Json } from '../../api/object.ts';
import type { AskedAnswer, ClusterAnswer } from '../../engine/ports.ts';

/** The largest answer that we ask for: a long list of claims. */
const maxBytes = 32 * 1024 * 1024;

export async function askedAnswer(answer: ClusterAnswer): Promise<AskedAnswer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      answer.cancel();
      throw new AppError('ServiceUnavailable', 'The answer of the cluster is too large.');
    }
    chunks.push(chunk);
  }
  return {
    status: answer.status,
    value: jsonIn(Buffer.concat(chunks).toString('utf8')),
    warnings: warningsIn(answer.headers['warning'] ?? ''),
  };
}

function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** RFC 7234: `299 - "unknown field \"spec.foo\""`, several joined by commas. */
export function warningsIn(header: string): readonly string[] {
  return [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
}
