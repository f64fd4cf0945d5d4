// Owns cutting the bytes of a cluster's watch into whole lines: who reads a watch here gets one event or more, never half of one.
// Must not read them.
import { AppError } from '../api/errors.ts';

/** An object of etcd is 1.5 MB at most. */
const maxLineBytes = 8 * 1024 * 1024;
const newline = 0x0a;

export async function* watchLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) {
      yield waiting.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...waiting, chunk.subarray(0, end)]);
      waiting = [];
      size = 0;
    }
    if (end === chunk.byteLength) continue;
    size += chunk.byteLength - end;
    if (size > maxLineBytes) throw new AppError('ServiceUnavailable', 'A line of the watch of the cluster is too long.');
    waiting.push(chunk.subarray(end));
  }
}
