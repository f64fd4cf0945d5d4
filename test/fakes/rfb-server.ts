// Owns a minimal RFB 3.8 server (RFC 6143) with one solid screen, enough for noVNC to connect and draw.
// Must not be used where a real QEMU's VNC is under test.
import type { ByteChannel } from '../../electron/api/channel.ts';

export interface Screen {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colour: readonly [red: number, green: number, blue: number];
}

export interface KeyStroke {
  readonly down: boolean;
  readonly keysym: number;
}

type Stage = 'version' | 'security' | 'init' | 'running';

interface PixelFormat {
  readonly bytes: number;
  readonly bigEndian: boolean;
  readonly max: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
}

const plainFormat: PixelFormat = { bytes: 4, bigEndian: false, max: [255, 255, 255], shift: [16, 8, 0] };

/** Answers one client. `onKey` hears what it types. */
export function serveRfb(channel: ByteChannel, screen: Screen, onKey: (key: KeyStroke) => void = () => undefined): void {
  let stage: Stage = 'version';
  let format = plainFormat;
  let buffered: Buffer = Buffer.alloc(0);

  channel.onData((chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let used = step(); used > 0; used = step()) buffered = buffered.subarray(used);
  });
  channel.write(Buffer.from('RFB 003.008\n'));

  /** Takes one message off the front and answers it; 0 when it is not all there yet. */
  function step(): number {
    switch (stage) {
      case 'version':
        if (buffered.length < 12) return 0;
        stage = 'security';
        channel.write(Buffer.from([1, 1]));
        return 12;
      case 'security':
        if (buffered.length < 1) return 0;
        stage = 'init';
        channel.write(Buffer.alloc(4));
        return 1;
      case 'init':
        if (buffered.length < 1) return 0;
        stage = 'running';
        channel.write(serverInit(screen));
        return 1;
      case 'running':
        break;
    }
    return message();
  }

  function message(): number {
    const length = messageLength(buffered);
    if (length === undefined || buffered.length < length) return 0;
    const type = buffered[0] ?? -1;
    switch (type) {
      case 0:
        format = pixelFormat(buffered.subarray(4, 20));
        break;
      case 3:
        if (buffered[1] === 0) channel.write(wholeScreen(screen, format));
        break;
      case 4:
        onKey({ down: buffered[1] === 1, keysym: buffered.readUInt32BE(4) });
        break;
      default:
        break;
    }
    return length;
  }
}

/** Undefined when too little has come to say. An unknown message ends the session's usefulness: everything is swallowed. */
function messageLength(bytes: Buffer): number | undefined {
  const type = bytes[0] ?? -1;
  switch (type) {
    case -1:
      return undefined;
    case 0:
      return 20;
    case 2:
      return bytes.length < 4 ? undefined : 4 + 4 * bytes.readUInt16BE(2);
    case 3:
      return 10;
    case 4:
      return 8;
    case 5:
      return 6;
    case 6:
      return bytes.length < 8 ? undefined : 8 + Math.abs(bytes.readInt32BE(4));
    default:
      return bytes.length;
  }
}

function serverInit(screen: Screen): Buffer {
  const name = Buffer.from(screen.name);
  const head = Buffer.alloc(24);
  head.writeUInt16BE(screen.width, 0);
  head.writeUInt16BE(screen.height, 2);
  // 32 bits per pixel, depth 24, little endian, true colour, 8 bits each at 16, 8 and 0.
  head.set([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0], 4);
  head.writeUInt32BE(name.length, 20);
  return Buffer.concat([head, name]);
}

function pixelFormat(bytes: Buffer): PixelFormat {
  return {
    bytes: (bytes[0] ?? 32) / 8,
    bigEndian: bytes[2] === 1,
    max: [bytes.readUInt16BE(4), bytes.readUInt16BE(6), bytes.readUInt16BE(8)],
    shift: [bytes[10] ?? 16, bytes[11] ?? 8, bytes[12] ?? 0],
  };
}

function wholeScreen(screen: Screen, format: PixelFormat): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(screen.width, 8);
  head.writeUInt16BE(screen.height, 10);
  const value = screen.colour.reduce(
    (sum, part, index) => sum + Math.round((part / 255) * (format.max[index] ?? 0)) * 2 ** (format.shift[index] ?? 0),
    0,
  );
  const pixel = Buffer.alloc(format.bytes);
  if (format.bigEndian) pixel.writeUIntBE(value, 0, format.bytes);
  else pixel.writeUIntLE(value, 0, format.bytes);
  return Buffer.concat([head, Buffer.alloc(screen.width * screen.height * format.bytes, pixel)]);
}
