// Owns reading a stream of JSON values, one a line, from a response.
// Must not know what the lines mean.

/** Yields the values as they arrive. Ends with the body; throws what the body throws. */
export async function* jsonLines<T>(response: Response): AsyncGenerator<T> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as T;
    }
    if (rest.trim() !== '') yield JSON.parse(rest) as T;
  } finally {
    // The reader of the values may stop early: the line must not stay open for nobody.
    await reader.cancel().catch(() => undefined);
  }
}
