// Owns talking to a guest over its serial console through the API, and looking at its screen.
// Must not test anything.
import type { WebSocket } from 'ws';
import { chromium } from '@playwright/test';
import { openWebSocket, requestBytes } from '../../electron/cli/connection.ts';

const instance = (name: string, part: string): string =>
  `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/${name}/${part}`;

export interface Console {
  /** Everything since power-on, escape sequences removed. */
  text(): string;
  /** Resolves with the match in what has not been matched yet; rejects with the tail when time is up. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  type(text: string): void;
  close(): void;
}

export async function openConsole(socket: string, name: string): Promise<Console> {
  const remote: WebSocket = await openWebSocket(socket, instance(name, 'console'));
  let text = '';
  let matched = 0;
  const waiting = new Set<() => void>();
  remote.on('message', (data: Buffer) => {
    // oxlint-disable-next-line no-control-regex -- escape sequences are control characters
    text += data.toString('latin1').replaceAll(/\u001B\[[0-9;?=]*[A-Za-z]/g, '');
    for (const wake of waiting) wake();
  });
  return {
    text: () => text,
    waitFor: (pattern, timeoutMs) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text.slice(matched));
          if (match === null) return;
          matched += match.index + match[0].length;
          done();
          resolve(match);
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`${String(pattern)} did not come; the console ends with: ${JSON.stringify(text.slice(-400))}`));
        }, timeoutMs);
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    type: (given) => remote.send(Buffer.from(given)),
    close: () => remote.close(),
  };
}

/** How many different colours the guest's screen shows now: 1 is a blank screen. */
export async function screenColours(socket: string, name: string): Promise<number> {
  const png = await requestBytes({ socket, path: instance(name, 'vnc/screenshot'), accept: 'image/png' });
  const browser = await chromium.launch({
    executablePath: process.env['VIRTDECK_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const page = await browser.newPage();
    return await page.evaluate(
      async (source) => {
        const image = await createImageBitmap(await (await fetch(source)).blob());
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext('2d');
        if (context === null) return 0;
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, image.height);
        return new Set(new Uint32Array(data.buffer)).size;
      },
      `data:image/png;base64,${png.toString('base64')}`,
    );
  } finally {
    await browser.close();
  }
}
