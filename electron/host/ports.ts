// Owns asking the kernel which ports of the loopback are taken.
// Must not keep any: between the answer and QEMU's own bind somebody else may be quicker, and QEMU then says so.
import net from 'node:net';

export async function takenLoopbackPorts(ports: readonly number[]): Promise<ReadonlySet<number>> {
  const taken = await Promise.all([...new Set(ports)].map(async (port) => ((await canBind(port)) ? [] : [port])));
  return new Set(taken.flat());
}

async function canBind(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
