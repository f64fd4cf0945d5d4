// Owns the proof that lines are found however the bytes are cut.
// Must not test what the lines mean.
import { expect, test } from 'vitest';
import { jsonLines } from '../../../renderer/client/json-lines.ts';

const text = '{"a":"räksmörgås 虚拟机"}\n\n{"b":[1,2]}\n{"c":3}';
const values = [{ a: 'räksmörgås 虚拟机' }, { b: [1, 2] }, { c: 3 }];

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

test.each([1, 2, 3, 7, 1000])('in pieces of %i bytes', async (size) => {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_piece, index) => bytes.slice(index * size, (index + 1) * size));
  const seen: unknown[] = [];
  for await (const value of jsonLines(new Response(streamOf(pieces)))) seen.push(value);
  expect(seen).toEqual(values);
});

test('leaving early lets go of the line', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('{"n":1}\n')),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const value of jsonLines(new Response(body))) {
    expect(value).toEqual({ n: 1 });
    break;
  }
  expect(cancelled).toBe(true);
});
