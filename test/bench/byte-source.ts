// Owns the far end of the relay benches: a unix socket that sends as fast as it is read, or echoes. A process of its own.
// Must not measure anything.
import net from 'node:net';
import { createWriteStream } from 'node:fs';

const [mode = 'echo', path = '', megabytes = '0', logFile = ''] = process.argv.slice(2);
const chunk = Buffer.alloc(256 * 1024, 'The quick brown fox jumps over the lazy dog. ');
// QEMU writes its log before its socket.
const logged = logFile === '' ? undefined : createWriteStream(logFile, { flags: 'a' });

const server = net.createServer((socket) => {
  socket.on('error', () => socket.destroy());
  if (mode === 'echo') socket.pipe(socket);
  else send(socket, Number(megabytes) * 1024 * 1024);
});
server.listen(path, () => process.stdout.write('ready\n'));

function send(socket: net.Socket, total: number): void {
  let left = total;
  const began = performance.now();
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      const part = left >= chunk.length ? chunk : chunk.subarray(0, left);
      left -= part.length;
      logged?.write(part);
      if (!socket.write(part)) {
        socket.once('drain', more);
        return;
      }
    }
    // How long the "guest" needed to get rid of everything: a blocked writer never says it.
    if (left === 0) socket.end(() => process.stdout.write(`sent ${(performance.now() - began).toFixed(1)}\n`));
  };
  more();
}
