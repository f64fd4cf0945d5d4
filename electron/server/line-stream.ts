// Owns an answer that goes on: one JSON line for each value, until the reader leaves.
// Must not know what the lines mean.

export interface LineOptions {
  /** Ends after the first line. */
  readonly once?: boolean;
  /** A value that nobody fetched is old news: the next one replaces it. Without, lines wait for a slow reader. */
  readonly drop?: boolean;
}

// A reader that is this far behind is let go: it comes back and asks for everything.
const maxWaiting = 1_000;

/** `subscribe` answers how to stop. */
export function lineStream(
  request: Request,
  subscribe: (send: (value: object) => void) => () => void,
  options: LineOptions = {},
): Response {
  let stop: (() => void) | undefined;
  const lines = new ReadableStream<Uint8Array>({
    start(controller) {
      const end = (): void => {
        stop?.();
        controller.close();
      };
      const unsubscribe = subscribe((value) => {
        const room = controller.desiredSize ?? 0;
        if (options.drop !== true || room > 0) controller.enqueue(Buffer.from(`${JSON.stringify(value)}\n`));
        if (options.once === true || room < -maxWaiting) end();
      });
      stop = () => {
        unsubscribe();
        request.signal.removeEventListener('abort', end);
      };
      if (request.signal.aborted) queueMicrotask(end);
      else request.signal.addEventListener('abort', end, { once: true });
    },
    cancel: () => stop?.(),
  });
  return new Response(lines, { headers: { 'content-type': 'application/json;stream=watch', 'cache-control': 'no-store' } });
}
