// Owns the measure of the console relay beside websockify: throughput, added latency, memory and the guest with a reader that stalls.
// Must not use a guest: both relays get the same synthetic stream.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { residentMiB } from './core-process.ts';
import { type Figure, median, ms, percentile } from './figures.ts';

const megabytes = 512;
const rounds = 10;
const pings = 2000;
const here = (file: string): string => new URL(file, import.meta.url).pathname;

interface Relay {
  readonly process: ChildProcess;
  /** Listeners are set in the same turn: bytes may come with the handshake's answer. */
  open(): WebSocket;
}

export async function relayFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vd-relay-'));
  try {
    return [await throughput(folder), await latency(folder), await stalledScreen(folder), await stalledSerial(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function throughput(folder: string): Promise<Figure> {
  const source = await byteSource(folder, ['blast', String(megabytes)]);
  const ours = await ourRelay(source.path);
  const peer = await websockify(source.path);
  const mine: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const measureOurs = async (): Promise<unknown> => mine.push(await drain(ours.open(), 'whole'));
    const measurePeer = async (): Promise<unknown> =>
      theirs.push(peer === undefined ? Number.NaN : await drain(peer.open(), 'may lose the end'));
    // Whoever comes second finds warmer caches: they take turns.
    for (const measure of round % 2 === 0 ? [measureOurs, measurePeer] : [measurePeer, measureOurs]) await measure();
    // The first round warms both up.
    if (round === 0) mine.length = theirs.length = 0;
  }
  end(source.process, ours.process, peer?.process);
  const ratio = median(mine.map((rate, index) => rate / (theirs[index] ?? rate)));
  return {
    what: `Screen relay, ${megabytes} MB unix socket → WebSocket`,
    ours: `${median(mine).toFixed(0)} MB/s${peer === undefined ? '' : ` (${ratio.toFixed(2)}×)`}`,
    peer: peer === undefined ? '– (websockify is not installed)' : `websockify ${median(theirs).toFixed(0)} MB/s`,
    promise: 'at least equal',
    ...(peer === undefined ? {} : { kept: ratio >= 1 }),
  };
}

async function latency(folder: string): Promise<Figure> {
  const source = await byteSource(folder, ['echo']);
  const ours = await ourRelay(source.path);
  const peer = await websockify(source.path);
  const bare = await pingSocket(source.path);
  const mine = await pingWebSocket(ours.open());
  const theirs = peer === undefined ? undefined : await pingWebSocket(peer.open());
  end(source.process, ours.process, peer?.process);
  const added = percentile(mine, 95) - percentile(bare, 95);
  const addedByPeer = theirs === undefined ? undefined : percentile(theirs, 95) - percentile(bare, 95);
  return {
    what: 'Small frames there and back, added at p95',
    ours: ms(added),
    peer: addedByPeer === undefined ? '–' : `websockify ${ms(addedByPeer)}`,
    promise: 'under 1 ms',
    kept: added < 1,
  };
}

async function stalledScreen(folder: string): Promise<Figure> {
  const source = await byteSource(folder, ['blast', String(megabytes)]);
  const ours = await ourRelay(source.path);
  const before = residentMiB(ours.process.pid ?? 0);
  const client = ours.open();
  client.once('message', () => client.pause());
  const after = await settledResident(ours.process.pid ?? 0);
  client.terminate();
  end(source.process, ours.process);
  return {
    what: `Memory of the relay, reader of the screen stalls (${megabytes} MB waiting)`,
    ours: `+${(after - before).toFixed(0)} MiB`,
    peer: '–',
    promise: 'flat (under 32 MiB)',
    kept: after - before < 32,
  };
}

async function stalledSerial(folder: string): Promise<Figure> {
  const logFile = join(folder, 'serial.log');
  const source = await byteSource(folder, ['blast', String(megabytes), logFile]);
  const ours = await ourRelay(source.path, logFile);
  const sent = lineOf(source.process, /^sent ([\d.]+)/m);
  const client = ours.open();
  client.once('message', () => client.pause());
  const deadline = new Promise<undefined>((resolve) => setTimeout(resolve, 60_000, undefined));
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(residentMiB(ours.process.pid ?? 0)), 20);
  const match = await Promise.race([sent, deadline]);
  clearInterval(sampling);
  client.terminate();
  end(source.process, ours.process);
  // What counts is whether it grows with what was printed: the second half beside the first.
  const half = Math.floor(samples.length / 2);
  const growth = Math.max(...samples.slice(half)) - Math.max(...samples.slice(0, half));
  return {
    what: `Serial console, ${megabytes} MB printed while its reader stalls`,
    ours:
      match === undefined
        ? 'the guest was blocked'
        : `all taken at ${((megabytes / Number(match[1])) * 1000).toFixed(0)} MB/s, relay +${growth.toFixed(0)} MiB in the second half`,
    peer: '–',
    promise: 'guest never blocked, memory flat',
    kept: match !== undefined && growth < 16,
  };
}

/** websockify drops what it still holds when the source closes (2 MB of 512 here): its rate counts what arrived. */
async function drain(client: WebSocket, demand: 'whole' | 'may lose the end'): Promise<number> {
  let began = performance.now();
  let bytes = 0;
  client.once('open', () => (began = performance.now()));
  client.on('message', (data: Buffer) => (bytes += data.length));
  await new Promise<void>((resolve, reject) => {
    client.once('close', () => resolve());
    client.once('error', reject);
  });
  if (demand === 'whole' && bytes !== megabytes * 1024 * 1024) throw new Error(`The relay lost bytes: ${bytes} of ${megabytes} MB arrived`);
  return bytes / 1024 / 1024 / ((performance.now() - began) / 1000);
}

async function pingWebSocket(client: WebSocket): Promise<readonly number[]> {
  await new Promise<void>((resolve, reject) => {
    client.once('open', () => resolve());
    client.once('error', reject);
  });
  const times = await pingPong(
    (data) => client.send(data),
    (listener) => void client.on('message', (data: Buffer) => listener(data.length)),
  );
  client.terminate();
  return times;
}

async function pingSocket(path: string): Promise<readonly number[]> {
  const socket = net.connect(path);
  const times = await pingPong(
    (data) => void socket.write(data),
    (listener) => void socket.on('data', (data) => listener(data.length)),
  );
  socket.destroy();
  return times;
}

/** One frame of 32 bytes at a time; the first tenth warms up. */
function pingPong(send: (data: Buffer) => void, onBytes: (listener: (count: number) => void) => void): Promise<readonly number[]> {
  const frame = Buffer.alloc(32, 7);
  const times: number[] = [];
  return new Promise((resolve) => {
    let began = 0;
    let got = 0;
    const next = (): void => {
      if (times.length === pings) return resolve(times.slice(pings / 10));
      began = performance.now();
      send(frame);
    };
    onBytes((count) => {
      got += count;
      if (got < frame.length) return;
      got -= frame.length;
      times.push(performance.now() - began);
      next();
    });
    next();
  });
}

/** The highest of a second without growth. */
async function settledResident(pid: number): Promise<number> {
  let highest = 0;
  for (let quiet = 0; quiet < 10; quiet++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = residentMiB(pid);
    if (now > highest + 1) quiet = 0;
    highest = Math.max(highest, now);
  }
  return highest;
}

async function byteSource(folder: string, args: readonly string[]): Promise<{ process: ChildProcess; path: string }> {
  const path = join(folder, `source-${Math.random().toString(36).slice(2, 8)}`);
  const [mode = '', ...rest] = args;
  const child = spawn(process.execPath, [here('byte-source.ts'), mode, path, ...rest], { stdio: ['ignore', 'pipe', 'inherit'] });
  await lineOf(child, /^ready/m);
  return { process: child, path };
}

async function ourRelay(source: string, serialLog?: string): Promise<Relay> {
  const args = [here('relay-server.ts'), source, ...(serialLog === undefined ? [] : [serialLog])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line = ''] = (await lineOf(child, /^\{.*\}$/m)) ?? [];
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  const address = `${url.replace('http', 'ws')}/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/bench/vnc`;
  const headers = { authorization: `Bearer ${token}` };
  return { process: child, open: () => new WebSocket(address, ['plain.kubevirt.io'], { headers, perMessageDeflate: false }) };
}

async function websockify(source: string): Promise<Relay | undefined> {
  if (!existsSync('/usr/bin/websockify')) return undefined;
  const port = await freePort();
  const child = spawn('/usr/bin/websockify', [`--unix-target=${source}`, `127.0.0.1:${port}`], { stdio: 'ignore' });
  const open = (): WebSocket => new WebSocket(`ws://127.0.0.1:${port}/`, ['binary'], { perMessageDeflate: false });
  for (let attempt = 0; ; attempt++) {
    const reachable = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (reachable) return { process: child, open };
    if (attempt === 100) throw new Error('websockify did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function freePort(): Promise<number> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function lineOf(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray | undefined> {
  let text = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const match = pattern.exec(text);
      if (match !== null) resolve(match);
    });
    child.once('exit', () => resolve(undefined));
  });
}

function end(...processes: readonly (ChildProcess | undefined)[]): void {
  for (const child of processes) child?.kill('SIGKILL');
}
