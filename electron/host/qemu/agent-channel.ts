// Owns the guest agent's wire: one lasting connection, synchronised, one command at a time.
// Must not know which commands are asked, nor when the guest listens.
import net from 'node:net';
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import { reasonOf } from '../errno.ts';
import { isJsonObject, lineFramer, numberOf, parseJsonObject, textOf } from './json-lines.ts';

export interface AgentChannel {
  /** Throws AgentUnavailable. */
  ask(command: string, args: JsonObject | undefined, timeoutMs: number): Promise<Json>;
  /** The program at the other end was changed: what it says next may be an answer to somebody else. */
  forgetSync(): void;
  close(): void;
}

/** How long a command that answers nothing when it works may take to fail. */
const silentSuccessMs = 1_000;
/** By the agent's schema (`success-response: false`). */
const silentCommands = new Set(['guest-shutdown', 'guest-suspend-disk', 'guest-suspend-ram', 'guest-suspend-hybrid']);
const delimiter = 0xff;

interface Limit {
  readonly ms: number;
  /** What is said of the agent when it passes. */
  readonly late: string;
}

type Handler = (message: JsonObject) => void;

/**
 * The connection is kept: an agent whose host side is not connected looks for it ten times a second. The bytes survive reboots of
 * the guest and restarts of the agent, so old answers may come; guest-sync-delimited is answered with 0xff and our number, and
 * what was before it is dropped.
 */
export function agentChannel(socketPath: string): AgentChannel {
  let socket: net.Socket | undefined;
  let handler: Handler | undefined;
  let fail: ((error: AppError) => void) | undefined;
  let synchronised = false;
  let turn: Promise<unknown> = Promise.resolve();

  const connect = (): net.Socket => {
    const fresh = net.connect({ path: socketPath });
    const lost = (why: string): void => {
      fresh.destroy();
      if (socket !== fresh) return;
      socket = undefined;
      synchronised = false;
      fail?.(unavailable(why));
    };
    const receive = (line: Buffer): void => {
      const message = parseJsonObject(line.subarray(line.lastIndexOf(delimiter) + 1));
      if (message !== undefined) handler?.(message);
    };
    fresh.on(
      'data',
      lineFramer(receive, () => lost('sent an answer without end')),
    );
    fresh.on('error', (error) => lost(`cannot be reached: ${reasonOf(error)}`));
    fresh.on('close', () => lost('went away'));
    return fresh;
  };

  /** Sends a line and waits until `read` makes something of an answer. */
  const exchange = async <T>(line: string | Buffer, limit: Limit, read: (message: JsonObject) => T | undefined): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => {
      // Its answer may come after all, and must not be taken for that of the next command.
      synchronised = false;
      reject(unavailable(limit.late));
    }, limit.ms);
    fail = reject;
    handler = (message) => {
      try {
        const result = read(message);
        if (result !== undefined) resolve(result);
      } catch (error) {
        reject(error);
      }
    };
    try {
      socket ??= connect();
      socket.write(line);
      return await promise;
    } finally {
      clearTimeout(timer);
      handler = undefined;
      fail = undefined;
    }
  };

  const synchronise = async (limit: Limit): Promise<void> => {
    const id = Math.floor(Math.random() * 0x7fff_ffff);
    // The 0xff makes the agent's parser drop half a command that somebody left there.
    const line = Buffer.concat([Buffer.from([delimiter]), Buffer.from(`{"execute":"guest-sync-delimited","arguments":{"id":${id}}}\n`)]);
    await exchange(line, limit, (message) => (numberOf(message['return']) === id ? true : undefined));
    synchronised = true;
  };

  const askInTurn = async (command: string, args: JsonObject | undefined, timeoutMs: number): Promise<Json> => {
    const started = performance.now();
    const late = `did not answer ${command} within ${timeoutMs / 1000} s`;
    if (!synchronised) await synchronise({ ms: timeoutMs, late });
    const line = `${JSON.stringify(args === undefined ? { execute: command } : { execute: command, arguments: args })}\n`;
    const left = Math.max(1, timeoutMs - (performance.now() - started));
    const answer = exchange(line, { ms: silentCommands.has(command) ? silentSuccessMs : left, late }, (message) => {
      const error = message['error'];
      if (isJsonObject(error)) throw new AgentRefusal(`refused ${command}: ${textOf(error['desc']) ?? 'no reason given'}`);
      return message['return'] === undefined ? undefined : { value: message['return'] };
    });
    if (!silentCommands.has(command)) return (await answer).value;
    // Silence is consent; so is an agent that was stopped by what it was told to do.
    await answer.catch((error: unknown) => {
      if (error instanceof AgentRefusal) throw error;
    });
    return null;
  };

  return {
    ask: (command, args, timeoutMs) => {
      const asked = turn.then(() => askInTurn(command, args, timeoutMs));
      turn = asked.catch(() => undefined);
      return asked;
    },
    forgetSync: () => {
      synchronised = false;
      fail?.(unavailable('was stopped or started anew'));
    },
    close: () => {
      const last = socket;
      socket = undefined;
      last?.destroy();
      fail?.(unavailable('is not listened to any more'));
    },
  };
}

function unavailable(why: string): AppError {
  return new AppError('AgentUnavailable', `The guest agent ${why}.`);
}

/** The agent is there and says no. */
class AgentRefusal extends AppError {
  constructor(why: string) {
    super('AgentUnavailable', `The guest agent ${why}.`);
  }
}
