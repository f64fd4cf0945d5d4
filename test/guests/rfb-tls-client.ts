// Owns a VNC viewer of a few lines: RFB 3.8 with VeNCrypt's X509Vnc, as TigerVNC and virt-viewer speak it.
// Must not trust anybody but the authorities it is given.
import { createCipheriv } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

const veNCrypt = 19;
const x509Vnc = 261;

export interface Viewer {
  /** Of the certificate that the server showed, lower-case hex. */
  readonly serialNumber: string;
  /** Asks for the whole screen; resolves when pixels come. Rejects when the line is gone. */
  refresh(): Promise<void>;
  close(): void;
}

export interface ViewerOptions {
  readonly port: number;
  readonly password: string;
  /** PEM. */
  readonly authorities: string;
}

/** Rejects with what the server or TLS said. */
export async function openViewer({ port, password, authorities }: ViewerOptions): Promise<Viewer> {
  const socket = connectTcp(port, '127.0.0.1');
  const plain = reader(socket);
  await plain.take(12);
  socket.write('RFB 003.008\n');
  const types = await plain.take((await plain.take(1)).readUInt8());
  if (!types.includes(veNCrypt)) throw new Error(`the server offers ${[...types].join(', ')}`);
  socket.write(Buffer.from([veNCrypt]));
  await plain.take(2);
  socket.write(Buffer.from([0, 2]));
  await plain.take(1);
  await plain.take(4 * (await plain.take(1)).readUInt8());
  const choice = Buffer.alloc(4);
  choice.writeUInt32BE(x509Vnc);
  socket.write(choice);
  await plain.take(1);
  plain.release();
  const secure = await secured(socket, authorities);
  const line = reader(secure);
  secure.write(answer(await line.take(16), password));
  if ((await line.take(4)).readUInt32BE() !== 0) {
    secure.destroy();
    throw new Error('the password was refused');
  }
  secure.write(Buffer.from([1]));
  const head = await line.take(24);
  await line.take(head.readUInt32BE(20));
  const request = Buffer.from([3, 0, 0, 0, 0, 0, 0, 8, 0, 8]);
  return {
    serialNumber: secure.getPeerCertificate().serialNumber.toLowerCase(),
    async refresh() {
      secure.write(request);
      const type = (await line.take(1)).readUInt8();
      if (type !== 0) throw new Error(`message ${type} in place of a picture`);
      await line.take(1);
      const rectangles = (await line.take(2)).readUInt16BE();
      for (let index = 0; index < rectangles; index += 1) {
        const rectangle = await line.take(12);
        // Raw pixels: nothing else was agreed upon.
        await line.take(rectangle.readUInt16BE(4) * rectangle.readUInt16BE(6) * 4);
      }
    },
    close: () => secure.destroy(),
  };
}

function secured(socket: Socket, authorities: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({ socket, ca: authorities, host: '127.0.0.1', checkServerIdentity: () => undefined });
    secure.once('secureConnect', () => resolve(secure));
    secure.once('error', reject);
  });
}

/** DES of the challenge; each byte of the key has its bits turned round. OpenSSL has it as three equal keys of triple DES. */
function answer(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(8);
  Buffer.from(password.slice(0, 8), 'latin1').forEach((byte, index) => {
    key[index] = Number.parseInt(byte.toString(2).padStart(8, '0').split('').toReversed().join(''), 2);
  });
  const cipher = createCipheriv('des-ede3', Buffer.concat([key, key, key]), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
}

interface Reader {
  take(length: number): Promise<Buffer>;
  release(): void;
}

function reader(socket: Socket): Reader {
  let waiting = Buffer.alloc(0);
  let wake: () => void = () => undefined;
  let ended: Error | undefined;
  const onData = (chunk: Buffer): void => {
    waiting = Buffer.concat([waiting, chunk]);
    wake();
  };
  const onEnd = (error?: unknown): void => {
    ended = error instanceof Error ? error : new Error('the server ended the connection');
    wake();
  };
  socket.on('data', onData);
  socket.on('error', onEnd);
  socket.on('close', () => onEnd());
  return {
    async take(length) {
      while (waiting.length < length) {
        if (ended !== undefined) throw ended;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      const taken = waiting.subarray(0, length);
      waiting = waiting.subarray(length);
      return taken;
    },
    release: () => void socket.off('data', onData),
  };
}
