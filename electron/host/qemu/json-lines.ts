// Owns framing: a byte stream of JSON texts, one a line, as QMP and the guest agent speak it.
// Must not know what the texts mean.
import type { Json, JsonObject } from '../../api/object.ts';

/** A whole `query-qmp-schema` is 1 MB; a line this long is no answer but a broken peer. */
const maxLineBytes = 64 * 1024 * 1024;

const newline = 0x0a;

/**
 * Returns the function to feed chunks to. A line may come in any number of pieces; its bytes are joined once, when it is whole,
 * so that a reply of megabytes costs one copy. `onEndless` is called for a line that does not end; feed nothing more then.
 */
export function lineFramer(onLine: (line: Buffer) => void, onEndless: () => void): (chunk: Buffer) => void {
  let pieces: Buffer[] = [];
  let held = 0;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(newline, start); end >= 0; end = chunk.indexOf(newline, start)) {
      const piece = chunk.subarray(start, end);
      start = end + 1;
      if (pieces.length === 0) {
        onLine(piece);
        continue;
      }
      pieces.push(piece);
      const line = Buffer.concat(pieces, held + piece.length);
      pieces = [];
      held = 0;
      onLine(line);
    }
    if (start === chunk.length) return;
    pieces.push(chunk.subarray(start));
    held += chunk.length - start;
    if (held > maxLineBytes) onEndless();
  };
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The object that a line holds, or undefined when it holds anything else. */
export function parseJsonObject(line: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined; // Not JSON: the caller keeps the line for diagnostics and reads on.
  }
}

/** A text field of an untrusted object; undefined when absent or of another type. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
