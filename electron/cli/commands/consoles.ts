// Owns `virtdeck console`, `vnc` and `logs`.
// Must not hold a terminal emulator: the bytes go to the user's own.
import { spawn } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import type { WebSocket } from 'ws';
import { openWebSocket } from '../connection.ts';
import { subresourcePath, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

/** virtctl's escape: Ctrl+]. */
const escapeByte = 0x1d;

export async function openTerminal(session: Session, name: string): Promise<void> {
  await session.connected();
  const path = subresourcePath('virtualmachineinstances', { namespace: session.namespace, name }, 'console');
  const remote = await openWebSocket(session.where.socket, path);
  process.stderr.write(`Successfully connected to ${name} console. The escape sequence is ^]\n`);
  const { stdin } = process;
  const raw = stdin.isTTY;
  if (raw) stdin.setRawMode(true);
  try {
    await new Promise<void>((resolve, reject) => {
      remote.on('message', (data: Buffer) => process.stdout.write(data));
      remote.once('close', () => resolve());
      remote.once('error', reject);
      stdin.on('data', (chunk: Buffer) => {
        const at = raw ? chunk.indexOf(escapeByte) : -1;
        remote.send(at < 0 ? chunk : chunk.subarray(0, at));
        if (at >= 0) resolve();
      });
      // Piped input that ends: what the guest still answers is shown until it closes or the user stops it.
      stdin.once('end', () => (raw ? resolve() : undefined));
    });
  } finally {
    if (raw) stdin.setRawMode(false);
    stdin.pause();
    remote.close();
  }
}

export async function vnc(
  session: Session,
  name: string,
  options: { readonly proxyOnly?: boolean; readonly port?: string },
): Promise<void> {
  await session.connected();
  const path = subresourcePath('virtualmachineinstances', { namespace: session.namespace, name }, 'vnc');
  const viewer = options.proxyOnly === true ? undefined : findViewer();
  if (viewer === undefined && options.proxyOnly !== true) {
    throw new UsageError(
      'Neither remote-viewer nor vncviewer was found. Install virt-viewer or tigervnc-viewer, or use --proxy-only with a viewer of your own.',
    );
  }
  // The viewer speaks TCP only: one port of the loopback, for as long as this command runs.
  const server = createServer((local) => void bridge(local, () => openWebSocket(session.where.socket, path)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(options.port ?? 0), '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  session.print(JSON.stringify({ port }));
  if (viewer === undefined) return;
  const child = spawn(viewer.program, viewer.args(port), { stdio: 'ignore' });
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

/** The serial log from power-on; with `follow` what comes, too. */
export async function logs(session: Session, name: string, options: { readonly follow?: boolean }): Promise<void> {
  const place = `/apis/virtdeck.io/v1alpha1/namespaces/${encodeURIComponent(session.namespace)}/virtualmachineinstances/${encodeURIComponent(name)}`;
  if (options.follow !== true) {
    process.stdout.write(await session.bytes({ path: `${place}/serial-log` }));
    return;
  }
  await session.connected();
  const path = subresourcePath('virtualmachineinstances', { namespace: session.namespace, name }, 'console');
  const remote = await openWebSocket(session.where.socket, path);
  await new Promise<void>((resolve, reject) => {
    remote.on('message', (data: Buffer) => process.stdout.write(data));
    remote.once('close', () => resolve());
    remote.once('error', reject);
  });
}
