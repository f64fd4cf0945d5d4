// Owns fetching the machine's screen every few seconds while somebody sees it.
// Must not leave object URLs behind.
import { useEffect, useState } from 'react';
import { useClient } from '../../client/context.tsx';

const periodMs = 5000;

export interface ScreenshotTarget {
  readonly namespace: string;
  readonly name: string;
  readonly isOn: boolean;
}

/** An object URL of the newest PNG; undefined before the first, and when the machine has no screen. */
export function useScreenshot({ namespace, name, isOn }: ScreenshotTarget): string | undefined {
  const client = useClient();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!isOn) return undefined;
    const stop = new AbortController();
    let shown: string | undefined;
    const show = (next: string | undefined): void => {
      if (shown !== undefined) URL.revokeObjectURL(shown);
      shown = next;
      setUrl(next);
    };
    const renew = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        const picture = await client.screenshot({ namespace, name }, stop.signal);
        if (!stop.signal.aborted) show(URL.createObjectURL(picture));
      } catch {
        // No graphics, or not up yet: the card says that there is no picture.
        if (!stop.signal.aborted) show(undefined);
      }
    };
    void renew();
    const timer = setInterval(() => void renew(), periodMs);
    return () => {
      stop.abort();
      clearInterval(timer);
      show(undefined);
    };
  }, [client, namespace, name, isOn]);
  return url;
}
