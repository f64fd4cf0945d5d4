// Owns one connection to a port of a guest: through QEMU's user network, or straight to the guest's address.
// Must not listen itself, nor leave a forward behind that nobody uses.
import { setTimeout as delay } from 'node:timers/promises';
import type { ByteChannel } from '../../api/channel.ts';
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import type { GuestRoute } from '../../core/qemu/guest-routes.ts';
import { connectDatagrams } from '../consoles/datagram-channel.ts';
import { connectChannel } from '../consoles/socket-channel.ts';
import { createTurns } from '../disks/turns.ts';
import { type UserNetworkRow, userNetworkRows } from './user-network-table.ts';

export interface GuestPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

type Qmp = (command: string, args?: JsonObject) => Promise<Json>;

const loopback = '127.0.0.1';
// QEMU accepts a connection in its next turn; under emulation that can take long.
const acceptPollMs = 10;
const acceptTimeoutMs = 10_000;

/** Opens connections to one machine. Throws ServiceUnavailable when no route leads to the port. */
export function guestPorts(qmp: Qmp): (routes: readonly GuestRoute[], to: GuestPort) => Promise<ByteChannel> {
  const turns = createTurns();
  const monitor = async (line: string): Promise<string> => {
    const answer = await qmp('human-monitor-command', { 'command-line': line });
    return typeof answer === 'string' ? answer : '';
  };
  const rows = async (netdev: string): Promise<readonly UserNetworkRow[]> =>
    userNetworkRows(await monitor('info usernet')).filter((row) => row.netdev === netdev);

  /** A forward on a port that the kernel chooses: it answers with the port, or with QEMU's words why not. */
  const addForward = async (netdev: string, { protocol, port }: GuestPort): Promise<number | string> => {
    const before = forwardsIn(await rows(netdev), protocol);
    const refusal = await monitor(`hostfwd_add ${netdev} ${protocol}:${loopback}:0-:${port}`);
    const made = forwardsIn(await rows(netdev), protocol).find(
      (row) => row.destinationPort === port && !before.some(({ sourcePort }) => sourcePort === row.sourcePort),
    );
    return made?.sourcePort ?? refusal.trim();
  };
  const removeForward = async (netdev: string, protocol: GuestPort['protocol'], hostPort: number): Promise<void> => {
    await monitor(`hostfwd_remove ${netdev} ${protocol}:${loopback}:${hostPort}`);
  };
  const isAccepted = async (netdev: string, hostPort: number): Promise<boolean> =>
    (await rows(netdev)).some(
      ({ protocol, state, sourcePort }) => protocol === 'TCP' && state !== 'HOST_FORWARD' && sourcePort === hostPort,
    );

  /** The forward goes as soon as QEMU holds the connection: nobody else on this computer gets in by it. */
  const overTcp = async (netdev: string, hostPort: number): Promise<ByteChannel> => {
    try {
      const channel = await connectChannel({ host: loopback, port: hostPort }, 'QEMU closed the port at once.');
      const until = performance.now() + acceptTimeoutMs;
      while (!(await isAccepted(netdev, hostPort)) && performance.now() < until) await delay(acceptPollMs);
      return channel;
    } finally {
      await removeForward(netdev, 'tcp', hostPort);
    }
  };
  const overUdp = async (netdev: string, hostPort: number): Promise<ByteChannel> => {
    // Datagrams have no connection that could outlive the forward: it stays as long as the channel.
    const gone = (): void => void removeForward(netdev, 'udp', hostPort).catch(() => undefined);
    return await connectDatagrams({ host: loopback, port: hostPort }, gone);
  };
  const byUserNetwork = async (netdev: string, to: GuestPort): Promise<ByteChannel | string> =>
    // One after the other, so that each knows its own forward.
    await turns.take(netdev, new AbortController().signal, async () => {
      const hostPort = await addForward(netdev, to);
      if (typeof hostPort === 'string') return hostPort;
      return to.protocol === 'tcp' ? await overTcp(netdev, hostPort) : await overUdp(netdev, hostPort);
    });

  return async (routes, to) => {
    const refusals: string[] = [];
    for (const route of routes) {
      const found = route.type === 'userNetwork' ? await byUserNetwork(route.netdev, to) : await byAddress(route.address, to);
      if (typeof found !== 'string') return found;
      refusals.push(found);
    }
    throw new AppError(
      'ServiceUnavailable',
      `Port ${to.port} of the guest cannot be reached. ${refusals.filter((text) => text !== '').join(' ')}`.trim(),
    );
  };
}

function forwardsIn(rows: readonly UserNetworkRow[], protocol: GuestPort['protocol']): readonly UserNetworkRow[] {
  return rows.filter((row) => row.protocol.toLowerCase() === protocol && row.state === 'HOST_FORWARD');
}

async function byAddress(address: string, { protocol, port }: GuestPort): Promise<ByteChannel | string> {
  const target = { host: address, port };
  if (protocol === 'udp') return await connectDatagrams(target, () => undefined);
  try {
    return await connectChannel(target, `${address} does not answer at port ${port}.`);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
