// Owns one QMP session: greeting, capabilities, commands with ids and time limits, events handed on as they come.
// Must not know what commands mean, nor act on an event: the listener only enqueues.
import net from 'node:net';
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import { errnoOf } from '../errno.ts';
import { isJsonObject, lineFramer, numberOf, parseJsonObject, textOf } from './json-lines.ts';

export interface QmpEvent {
  readonly event: string;
  readonly data: JsonObject;
  /** Milliseconds since 1970, by QEMU's clock; undefined when it sent none. */
  readonly at?: number;
}

export interface QmpVersion {
  readonly major: number;
  readonly minor: number;
  readonly micro: number;
  readonly package: string;
}

export interface QmpSession {
  readonly version: QmpVersion;
  /**
   * One command. Throws AppError QmpFailed with QEMU's text (`cause` is QEMU's error object, with its `class`), QmpTimeout.
   * Default limit 15 s: a busy TCG guest holds QEMU's big lock for seconds.
   */
  execute(command: string, args?: JsonObject, timeoutMs?: number): Promise<Json>;
  /** The last messages in both directions, shortened, oldest first. For diagnostics. */
  recent(): readonly string[];
  /** Settles when the socket is gone, by whichever side. All events before it have been delivered. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface QmpOptions {
  readonly onEvent: (event: QmpEvent) => void;
  /** For connect, greeting and capabilities together. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const commandTimeoutMs = 15_000;
const ringLength = 64;
const ringTextLength = 400;

interface Pending {
  readonly command: string;
  readonly resolve: (value: Json) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Connects and negotiates. Rejects with the socket's own error (ENOENT, ECONNREFUSED) while nobody listens, so that a caller
 * that has just started QEMU can try again; with AppError QmpTimeout when QEMU listens but does not answer.
 */
export async function openQmp(options: QmpOptions & { readonly socketPath: string }): Promise<QmpSession> {
  return await negotiateQmp(net.connect({ path: options.socketPath }), options);
}

/** As openQmp, over a connection that is there: a QEMU that is only asked something gets one end of a socket pair. */
export async function negotiateQmp(socket: net.Socket, options: QmpOptions): Promise<QmpSession> {
  const ring: string[] = [];
  const pending = new Map<number, Pending>();
  const greeting = Promise.withResolvers<QmpVersion>();
  const closed = Promise.withResolvers<void>();
  let lastId = 0;
  let closeReason = 'QEMU closed its control socket';

  const remember = (direction: '→' | '←' | '?', text: string): void => {
    ring.push(`${direction} ${text.length > ringTextLength ? `${text.slice(0, ringTextLength)}… (${text.length})` : text}`);
    if (ring.length > ringLength) ring.shift();
  };

  const settle = (id: number): Pending | undefined => {
    const entry = pending.get(id);
    if (entry === undefined) return undefined;
    pending.delete(id);
    clearTimeout(entry.timer);
    return entry;
  };

  const receive = (line: Buffer): void => {
    const message = parseJsonObject(line);
    // The head is enough for the ring: a schema of a megabyte is not turned into text twice.
    const head = line.toString('utf8', 0, ringTextLength + 1).trimEnd();
    if (message === undefined) {
      if (head !== '') remember('?', head);
      return;
    }
    remember('←', line.length > ringTextLength ? `${head.slice(0, ringTextLength)}… (${line.length})` : head);
    const event = textOf(message['event']);
    if (event !== undefined) return options.onEvent(eventOf(event, message));
    if (isJsonObject(message['QMP'])) return greeting.resolve(versionOf(message['QMP']));
    const id = numberOf(message['id']);
    // No such id: the answer to a command that was given up; or garbage.
    const entry = id === undefined ? undefined : settle(id);
    if (entry === undefined) return;
    const error = message['error'];
    if (isJsonObject(error)) entry.reject(failed(entry.command, error));
    else entry.resolve(message['return'] ?? null);
  };

  const onEndless = (): void => {
    closeReason = "QEMU's control socket sent a line without end";
    socket.destroy();
  };
  socket.on('data', lineFramer(receive, onEndless));
  socket.on('error', (error) => {
    // A QEMU that is killed resets the socket: that is its end, no failure of the socket.
    if (!['ECONNRESET', 'EPIPE'].includes(errnoOf(error) ?? '')) closeReason = `QEMU's control socket failed (${error.message})`;
    greeting.reject(error);
  });
  socket.on('close', () => {
    greeting.reject(new AppError('QmpFailed', `${closeReason} before its greeting.`));
    for (const id of pending.keys()) {
      const entry = settle(id);
      entry?.reject(new AppError('QmpFailed', `${closeReason} while it was asked for ${entry.command}.`));
    }
    closed.resolve();
  });

  const execute = (command: string, args?: JsonObject, timeoutMs = commandTimeoutMs): Promise<Json> => {
    if (socket.destroyed || !socket.writable) {
      return Promise.reject(new AppError('QmpFailed', `${closeReason}; it cannot be asked for ${command}.`));
    }
    return new Promise((resolve, reject) => {
      lastId += 1;
      const id = lastId;
      const timer = setTimeout(() => {
        settle(id)?.reject(new AppError('QmpTimeout', `QEMU did not answer ${command} within ${timeoutMs / 1000} s.`));
      }, timeoutMs);
      pending.set(id, { command, resolve, reject, timer });
      const text = JSON.stringify(args === undefined ? { execute: command, id } : { execute: command, arguments: args, id });
      remember('→', text);
      socket.write(`${text}\n`);
    });
  };

  const started = performance.now();
  const giveUp = setTimeout(() => {
    greeting.reject(new AppError('QmpTimeout', `QEMU did not greet on its control socket within ${options.timeoutMs / 1000} s.`));
  }, options.timeoutMs);
  const onAbort = (): void => greeting.reject(new AppError('QmpFailed', 'The wait for QEMU was given up.'));
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (options.signal?.aborted === true) onAbort();
    const version = await greeting.promise;
    await execute('qmp_capabilities', undefined, Math.max(1, options.timeoutMs - (performance.now() - started)));
    return { version, execute, recent: () => [...ring], closed: closed.promise, close: () => socket.destroy() };
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(giveUp);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function failed(command: string, error: JsonObject): AppError {
  const text = textOf(error['desc']) ?? 'no reason given';
  return new AppError('QmpFailed', `QEMU refused ${command}: ${text}${/[.!?]$/.test(text) ? '' : '.'}`, { cause: error });
}

function eventOf(event: string, message: JsonObject): QmpEvent {
  const data = isJsonObject(message['data']) ? message['data'] : {};
  const stamp = message['timestamp'];
  const seconds = isJsonObject(stamp) ? numberOf(stamp['seconds']) : undefined;
  // QEMU sends -1 when it could not read its clock.
  if (!isJsonObject(stamp) || seconds === undefined || seconds < 0) return { event, data };
  return { event, data, at: seconds * 1000 + Math.floor((numberOf(stamp['microseconds']) ?? 0) / 1000) };
}

function versionOf(greeting: JsonObject): QmpVersion {
  const version = greeting['version'];
  const qemu = isJsonObject(version) ? version['qemu'] : undefined;
  const numbers = isJsonObject(qemu) ? qemu : {};
  return {
    major: numberOf(numbers['major']) ?? 0,
    minor: numberOf(numbers['minor']) ?? 0,
    micro: numberOf(numbers['micro']) ?? 0,
    package: (isJsonObject(version) ? textOf(version['package']) : undefined) ?? '',
  };
}
