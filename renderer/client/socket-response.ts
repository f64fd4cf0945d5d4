// Owns a response that never ends, carried by a WebSocket: each message is a line of the body.
// Must not send anything after the handshake.

/** Undefined when the handshake is refused. Rejects when `signal` aborts it. */
export async function socketResponse(url: string, signal?: AbortSignal): Promise<Response | undefined> {
  signal?.throwIfAborted();
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const opened = await new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true), { once: true });
    socket.addEventListener('close', () => resolve(false), { once: true });
    signal?.addEventListener('abort', () => socket.close(), { once: true });
  });
  signal?.throwIfAborted();
  if (!opened) return undefined;
  return new Response(bodyOf(socket), { status: 200, headers: { 'content-type': 'application/json' } });
}

function bodyOf(socket: WebSocket): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
        controller.enqueue(typeof data === 'string' ? encoder.encode(data.endsWith('\n') ? data : `${data}\n`) : new Uint8Array(data));
      });
      socket.addEventListener('close', (event) => {
        if (event.wasClean) controller.close();
        else controller.error(new Error(`The line was cut (${event.code}).`));
      });
    },
    cancel() {
      socket.close();
    },
  });
}
