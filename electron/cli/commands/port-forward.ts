// Owns `virtdeck port-forward`: ports of this computer that lead to a guest for as long as the command runs.
// Must not look into the bytes.
import { createSocket, type RemoteInfo } from 'node:dgram';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { subresourcePath, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface PortForwardOptions {
  readonly address: string;
  readonly stdio?: boolean;
}

interface Forward {
  readonly protocol: 'tcp' | 'udp';
  readonly local: number;
  readonly remote: number;
}

interface Asked {
  readonly name: string;
  readonly ports: readonly string[];
}

export async function portForward(session: Session, { name, ports }: Asked, options: PortForwardOptions): Promise<void> {
  const machine = machineName(name);
  const forwards = ports.map(parseForward);
  const [first] = forwards;
  if (first === undefined) throw new UsageError('Name at least one port, such as 8080:80.');
  await session.connected();
  const dial = (forward: Forward): Promise<WebSocket> => {
    const path = `portforward/${forward.remote}/${forward.protocol}`;
    return session.openSocket(subresourcePath('virtualmachineinstances', { namespace: session.namespace, name: machine }, path));
  };
  if (options.stdio === true) return overStandardStreams(await dial(first));
  for (const forward of forwards) {
    const local = await (forward.protocol === 'tcp' ? listenTcp : listenUdp)(forward, options.address, dial);
    session.print(`Forwarding from ${options.address}:${local} -> ${forward.remote}${forward.protocol === 'udp' ? '/udp' : ''}`);
  }
}

/** `vm/web`, `vmi/web/project` and plain `web`, as virtctl takes them. */
export function machineName(text: string): string {
  const [type = '', name] = text.split('/');
  if (name === undefined) return type;
  if (!['vm', 'vmi', 'virtualmachine', 'virtualmachineinstance'].includes(type)) throw new UsageError(`unsupported resource type ${type}`);
  return name;
}

/** `[protocol/]local[:remote]`. */
function parseForward(text: string): Forward {
  const [, protocol = 'tcp', local, remote] = /^(?:(tcp|udp)\/)?(\d{1,5})(?::(\d{1,5}))?$/.exec(text) ?? [];
  const numbers = [Number(local), Number(remote ?? local)] as const;
  if (local === undefined || numbers.some((port) => port > 65_535) || numbers[1] === 0) {
    throw new UsageError(`"${text}" is no port: write [udp/]LOCAL[:REMOTE], such as 8080:80`);
  }
  return { protocol: protocol === 'udp' ? 'udp' : 'tcp', local: numbers[0], remote: numbers[1] };
}

type Dial = (forward: Forward) => Promise<WebSocket>;

async function listenTcp(forward: Forward, address: string, dial: Dial): Promise<number> {
  const server = createServer((local) => void bridge(local, () => dial(forward)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(forward.local, address, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function bridge(local: Socket, open: () => Promise<WebSocket>): Promise<void> {
  local.pause();
  local.on('error', () => local.destroy());
  try {
    const remote = await open();
    local.on('data', (chunk) => remote.send(chunk));
    local.resume();
    remote.on('message', (data: Buffer) => {
      if (local.write(data)) return;
      remote.pause();
      local.once('drain', () => remote.resume());
    });
    local.once('close', () => remote.close());
    remote.once('close', () => local.end());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    local.destroy();
  }
}

/** Each sender has a stream of its own, so that answers find their way. */
async function listenUdp(forward: Forward, address: string, dial: Dial): Promise<number> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const streams = new Map<string, Promise<WebSocket>>();
  const streamOf = (from: RemoteInfo): Promise<WebSocket> => {
    const id = `${from.address} ${from.port}`;
    const known = streams.get(id);
    if (known !== undefined) return known;
    const opened = dial(forward).then((remote) => {
      remote.on('message', (data: Buffer) => socket.send(data, from.port, from.address));
      remote.once('close', () => streams.delete(id));
      return remote;
    });
    streams.set(id, opened);
    opened.catch(() => streams.delete(id));
    return opened;
  };
  socket.on('message', (datagram, from) => {
    streamOf(from).then(
      (remote) => remote.send(datagram),
      (error: unknown) => process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(forward.local, address, resolve);
  });
  return socket.address().port;
}

/** What `ssh -o ProxyCommand` wants. Ends with the guest's connection. */
async function overStandardStreams(remote: WebSocket): Promise<void> {
  process.stdin.on('data', (chunk: Buffer) => remote.send(chunk));
  process.stdin.once('end', () => remote.close());
  remote.on('message', (data: Buffer) => {
    if (process.stdout.write(data)) return;
    remote.pause();
    process.stdout.once('drain', () => remote.resume());
  });
  await new Promise<void>((resolve) => remote.once('close', () => resolve()));
  process.stdin.destroy();
}
