// Owns waiting in the window: the next frame, and a pause that good news cuts short.
// Must not be used by anything that can be told instead.

/** Once per frame while the window is seen; a hidden window draws no frames, so a timer stands in. */
export function nextFrame(callback: () => void): void {
  if (document.hidden) setTimeout(callback, 250);
  else requestAnimationFrame(callback);
}

/** Ends early when aborted, when the network is back and when the window is looked at again. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const ended = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      ended.abort();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const options = { signal: ended.signal };
    signal.addEventListener('abort', end, options);
    window.addEventListener('online', end, options);
    document.addEventListener('visibilitychange', () => !document.hidden && end(), options);
  });
}
