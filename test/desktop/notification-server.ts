// Owns a desktop's notification service on a bus of its own (Desktop Notifications Specification 1.2), as far as notify-send asks it.
// Must not test anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

export interface Shown {
  readonly application: string;
  readonly icon: string;
  readonly summary: string;
  readonly body: string;
}

export interface NotificationServer {
  /** DBUS_SESSION_BUS_ADDRESS of who is to reach it. */
  readonly address: string;
  readonly shown: readonly Shown[];
  end(): void;
}

const service = 'org.freedesktop.Notifications';
const bus = { path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus', destination: 'org.freedesktop.DBus' };

export async function notificationServer(): Promise<NotificationServer> {
  const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(daemon.stdout, 'data')) as [Buffer];
  const address = line.toString().trim();
  const socket = createConnection(address.replace(/^unix:path=/, '').replace(/,.*$/, ''));
  socket.on('error', () => undefined);
  socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.getuid?.())).toString('hex')}\r\n`);
  await once(socket, 'data');
  socket.write('BEGIN\r\n');
  const shown: Shown[] = [];
  const owned = Promise.withResolvers<void>();
  serve(socket, shown, owned.resolve);
  socket.write(message({ ...bus, type: 1, member: 'Hello', serial: 1 }, []));
  socket.write(message({ ...bus, type: 1, member: 'RequestName', serial: 2 }, [service, 0]));
  await owned.promise;
  return {
    address,
    shown,
    end() {
      socket.destroy();
      daemon.kill();
    },
  };
}

function serve(socket: Socket, shown: Shown[], onOwned: () => void): void {
  let rest = Buffer.alloc(0);
  let serial = 10;
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let length = lengthOf(rest); length !== undefined && rest.length >= length; length = lengthOf(rest)) {
      const call = parsed(rest.subarray(0, length));
      rest = rest.subarray(length);
      if (call.type === 2 && call.replyTo === 2) onOwned();
      if (call.type !== 1) continue;
      if (call.member === 'Notify') {
        const [application = '', , icon = '', summary = '', body = ''] = call.strings;
        shown.push({ application, icon, summary, body });
      }
      serial += 1;
      socket.write(message({ type: 2, replyTo: call.serial, destination: call.sender, serial }, answers[call.member] ?? []));
    }
  });
}

const answers: Readonly<Record<string, readonly (string | number)[]>> = {
  GetServerInformation: ['test', 'test', '1', '1.2'],
  Notify: [1],
};

interface Header {
  /** 1 a call, 2 its answer. */
  readonly type: 1 | 2;
  readonly serial: number;
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly destination?: string;
  readonly replyTo?: number;
}

const aligned = (at: number, to: number): number => Math.ceil(at / to) * to;

/** Little-endian, as everybody here is. Undefined while the fixed part is not there. */
function lengthOf(bytes: Buffer): number | undefined {
  return bytes.length < 16 ? undefined : aligned(16 + bytes.readUInt32LE(12), 8) + bytes.readUInt32LE(4);
}

/** Numbers and strings alone; every value begins at a multiple of four. */
function marshalled(values: readonly (string | number)[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`) : undefined;
      const part = Buffer.alloc(aligned(4 + (bytes?.length ?? 0), 4));
      part.writeUInt32LE(bytes === undefined ? Number(value) : bytes.length - 1);
      bytes?.copy(part, 4);
      return part;
    }),
  );
}

function message(header: Header, values: readonly (string | number)[]): Buffer {
  const body = marshalled(values);
  const signature = values.map((value) => (typeof value === 'string' ? 's' : 'u')).join('');
  const fields: readonly (readonly [code: number, type: string, value: string | number | undefined])[] = [
    [1, 'o', header.path],
    [2, 's', header.interface],
    [3, 's', header.member],
    [5, 'u', header.replyTo],
    [6, 's', header.destination],
    [8, 'g', signature],
  ];
  let array = Buffer.alloc(0);
  for (const [code, type, value] of fields) {
    if (value === undefined || value === '') continue;
    const text = Buffer.from(`${value}\0`);
    // No filling at its end: the next field has its own before it, and the last one none.
    const content =
      type === 'g'
        ? Buffer.concat([Buffer.from([text.length - 1]), text])
        : marshalled([value]).subarray(0, 4 + (typeof value === 'string' ? text.length : 0));
    const before = Buffer.alloc(aligned(array.length, 8) - array.length);
    array = Buffer.concat([array, before, Buffer.from([code, 1, type.charCodeAt(0), 0]), content]);
  }
  const fixed = Buffer.alloc(16);
  fixed.set([0x6c, header.type, 0, 1]);
  fixed.writeUInt32LE(body.length, 4);
  fixed.writeUInt32LE(header.serial, 8);
  fixed.writeUInt32LE(array.length, 12);
  const head = Buffer.concat([fixed, array]);
  return Buffer.concat([head, Buffer.alloc(aligned(head.length, 8) - head.length), body]);
}

interface Call {
  readonly type: number;
  readonly serial: number;
  readonly member: string;
  readonly sender: string;
  readonly replyTo: number;
  /** The body, as far as it is strings; a number is an empty one. */
  readonly strings: readonly string[];
}

function parsed(bytes: Buffer): Call {
  const fields = new Map<number, string | number>();
  const end = 16 + bytes.readUInt32LE(12);
  for (let at = 16; at < end;) {
    at = aligned(at, 8);
    const [code = 0, type] = [bytes[at], String.fromCharCode(bytes[at + 2] ?? 0)];
    at += 4;
    if (type === 'u') {
      fields.set(code, bytes.readUInt32LE(at));
      at += 4;
      continue;
    }
    const [prefix, length] = type === 'g' ? [1, bytes[at] ?? 0] : [4, bytes.readUInt32LE(at)];
    fields.set(code, bytes.toString('utf8', at + prefix, at + prefix + length));
    at += prefix + length + 1;
  }
  const text = (code: number): string => String(fields.get(code) ?? '');
  const body = bytes.subarray(aligned(end, 8));
  return {
    type: bytes[1] ?? 0,
    serial: bytes.readUInt32LE(8),
    member: text(3),
    sender: text(7),
    replyTo: Number(fields.get(5) ?? 0),
    strings: stringsIn(body, text(8)),
  };
}

function stringsIn(body: Buffer, signature: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  for (const type of /^[su]*/.exec(signature)?.[0] ?? '') {
    at = aligned(at, 4);
    const length = body.readUInt32LE(at);
    found.push(type === 's' ? body.toString('utf8', at + 4, at + 4 + length) : '');
    at += type === 's' ? 5 + length : 4;
  }
  return found;
}
