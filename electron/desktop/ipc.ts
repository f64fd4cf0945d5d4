// Owns the one IPC message there is: a page of ours brings a port, the router answers on it.
// Must not accept a port from any other page.
import { ipcMain, type MessagePortMain } from 'electron';
import { type FramePort, serveFrames } from '../server/frames-server.ts';
import type { Router } from '../server/router.ts';
import { isOurs } from './page.ts';

export function answerPorts(router: Router): void {
  ipcMain.on('virtdeck-connect', (event) => {
    const [port] = event.ports;
    // A port from a frame inside, or from a page that navigated away, is dropped unopened.
    if (port === undefined || event.senderFrame === null || event.senderFrame.parent !== null || !isOurs(event.senderFrame.url)) return;
    serveFrames(framePort(port), router, { name: 'window', transport: 'port', role: 'admin' });
    port.start();
  });
}

function framePort(port: MessagePortMain): FramePort {
  return {
    postMessage: (frame) => port.postMessage(frame),
    onMessage: (listener) => void port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}
