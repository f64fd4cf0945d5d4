// Owns a request body that arrives as frames: a stream that acknowledges what was read.
// Must not post anything itself.

export interface IncomingBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  push(data: Uint8Array): void;
  end(): void;
  fail(error: Error): void;
}

/** `taken` is called with the bytes of each chunk as the reader takes it, never before. */
export function incomingBody(taken: (bytes: number) => void): IncomingBody {
  const chunks: Uint8Array[] = [];
  let ended: { readonly error?: Error } | undefined;
  let wake: (() => void) | undefined;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        if (chunks.length === 0 && ended === undefined) await new Promise<void>((resolve) => (wake = resolve));
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          controller.enqueue(new Uint8Array(chunk));
          taken(chunk.byteLength);
        } else if (ended?.error !== undefined) controller.error(ended.error);
        else controller.close();
      },
      cancel() {
        // The router answered without reading on: the rest is let through, so that the sender ends.
        for (const chunk of chunks.splice(0)) taken(chunk.byteLength);
      },
    },
    { highWaterMark: 0 },
  );
  const finish = (outcome: { readonly error?: Error }): void => {
    ended ??= outcome;
    wake?.();
  };
  return {
    stream,
    push(data) {
      chunks.push(data);
      wake?.();
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
  };
}
