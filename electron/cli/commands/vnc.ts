// Owns `virtdeck vnc`: a port of the loopback for a viewer of the user's.
// Must not look into the bytes.
import { spawn } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import type { WebSocket } from 'ws';
import { wholeNumber } from '../options.ts';
import { subresourcePath, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export async function vnc(
  session: Session,
  name: string,
  options: { readonly proxyOnly?: boolean; readonly port?: string },
): Promise<void> {
  const port = options.port === undefined ? 0 : wholeNumber('--port', options.port, 65_535);
  await session.connected();
  const path = subresourcePath('virtualmachineinstances', { namespace: session.namespace, name }, 'vnc');
  const viewer = options.proxyOnly === true ? undefined : findViewer();
  if (viewer === undefined && options.proxyOnly !== true) {
    throw new UsageError(
      'Neither remote-viewer nor vncviewer was found. Install virt-viewer or tigervnc-viewer, or use --proxy-only with a viewer of your own.',
    );
  }
  // The viewer speaks TCP only: one port of the loopback, for as long as this command runs.
  const server = createServer((local) => void bridge(local, () => session.openSocket(path)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  session.print(JSON.stringify({ port: taken }));
  if (viewer === undefined) return;
  const child = spawn(viewer.program, viewer.args(taken), { stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
  server.close();
}

async function bridge(local: Socket, open: () => Promise<WebSocket>): Promise<void> {
  try {
    const remote = await open();
    local.on('data', (chunk) => remote.send(chunk));
    remote.on('message', (data: Buffer) => {
      if (!local.write(data)) {
        remote.pause();
        local.once('drain', () => remote.resume());
      }
    });
    local.once('close', () => remote.close());
    remote.once('close', () => local.destroy());
    local.once('error', () => remote.close());
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    local.destroy();
  }
}

function findViewer(): { readonly program: string; readonly args: (port: number) => string[] } | undefined {
  const known = [
    { name: 'remote-viewer', args: (port: number) => [`vnc://127.0.0.1:${port}`] },
    { name: 'vncviewer', args: (port: number) => [`127.0.0.1::${port}`] },
  ];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const { name, args } of known) {
    const program = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
    if (program !== undefined) return { program, args };
  }
  return undefined;
}
