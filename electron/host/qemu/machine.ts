// Owns one running QEMU after it answers QMP: facts from its events, its consoles, its agent, and how it ended.
// Must not start it, nor decide anything about it.
import { access } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../api/errors.ts';
import type { ExitFact } from '../../core/facts.ts';
import type { Clock, FactListener, Log, RunningMachine } from '../../engine/ports.ts';
import { takeScreenshot } from '../consoles/screenshot.ts';
import { connectSerial } from '../consoles/serial.ts';
import type { SerialConsole } from '../consoles/serial.ts';
import { openVncChannel } from '../consoles/vnc.ts';
import { reasonOf } from '../errno.ts';
import { isRunning, isRunningNow } from '../proc.ts';
import type { ProcessId } from '../proc.ts';
import { guestAgent } from './agent.ts';
import type { GuestAgent } from './agent.ts';
import { exitFact } from './exit.ts';
import type { Identity } from './identity.ts';
import { isJsonArray, isJsonObject, textOf } from './json-lines.ts';
import { oomBaseline, wasOutOfMemory } from './out-of-memory.ts';
import { logTail } from './process.ts';
import type { Ending } from './process.ts';
import type { QmpEvent, QmpSession } from './qmp.ts';
import { usageMeter } from './usage.ts';

/** What every machine needs of the host. */
export interface MachineSurroundings {
  readonly clock: Clock;
  readonly log: Log;
}

/** Made before the QMP session, so that no event falls between. */
export interface EventRelay {
  readonly onEvent: (event: QmpEvent) => void;
  readonly shutdownReason: () => string | undefined;
  /** Called at every change of a virtio-serial port. */
  readonly onPortChange: (listener: () => void) => void;
  readonly onFact: FactListener;
  /** Nothing is told any more. */
  readonly silence: () => void;
}

export function eventRelay(onFact: FactListener, clock: Clock): EventRelay {
  let shutdownReason: string | undefined;
  let portChange: (() => void) | undefined;
  let silent = false;
  const tell: FactListener = (fact) => {
    if (!silent) onFact(fact);
  };
  return {
    onEvent: ({ event, data, at }) => {
      if (event === 'SHUTDOWN') shutdownReason = textOf(data['reason']);
      if (event === 'VSERPORT_CHANGE') portChange?.();
      tell({ type: 'QmpEvent', event, data, at: at ?? clock.now() });
    },
    shutdownReason: () => shutdownReason,
    onPortChange: (listener) => {
      portChange = listener;
    },
    onFact: tell,
    silence: () => {
      silent = true;
    },
  };
}

export interface MachineParts {
  readonly identity: Identity;
  readonly runDir: string;
  readonly process: ProcessId;
  readonly qmp: QmpSession;
  readonly relay: EventRelay;
  /** Of our own child. */
  readonly ended?: Promise<Ending>;
  readonly surroundings: MachineSurroundings;
}

/** The agent is only asked by the meter while it answers this fast. */
const meterAgentTimeoutMs = 500;
const lastEventsMs = 500;

/** Connects what belongs to a running machine. Consoles that cannot be reached are tried again when they are opened. */
export async function attachMachine(parts: MachineParts): Promise<RunningMachine> {
  const { identity, qmp, relay, surroundings } = parts;
  const { clock, log } = surroundings;
  const { sockets, vmi } = identity;
  let sent: 'SIGTERM' | 'SIGKILL' | undefined;
  let detached = false;
  let agentAnswers = false;

  const agent =
    sockets.agent === undefined
      ? undefined
      : guestAgent(
          sockets.agent,
          agentListener(relay, clock, (answers) => (agentAnswers = answers)),
        );
  const serial = serialConnection(parts);
  const baseline = oomBaseline(parts.process.pid);
  const look = (): void => {
    followAgentPort(qmp, sockets.agent, agent).catch((error: unknown) => {
      // A machine that ends while it is asked says so itself.
      if (!(error instanceof AppError)) throw error;
    });
  };
  relay.onPortChange(look);
  look();
  if (sockets.serial !== undefined) {
    await serial
      .connect()
      .catch((error: unknown) => log.warn('The serial console cannot be reached.', { machine: vmi.name, reason: reasonOf(error) }));
  }
  await baseline;

  const exited = (async (): Promise<ExitFact> => {
    const ending = parts.ended === undefined ? await goneAfter(parts, () => detached) : await parts.ended;
    // What QEMU said last may still be in the socket.
    await Promise.race([qmp.closed, delay(lastEventsMs)]);
    const exit = exitFact({
      ...(ending === undefined ? {} : { ending }),
      ...(relay.shutdownReason() === undefined ? {} : { shutdownReason: relay.shutdownReason() }),
      ...(sent === undefined ? {} : { sent }),
      watched: true,
      pidFileLeft: await isThere(identity.pidFile),
      stderr: await logTail(identity.qemuLog),
      outOfMemory:
        sent !== 'SIGKILL' &&
        (ending === undefined || ending.signal === 'SIGKILL') &&
        (await wasOutOfMemory(parts.process.pid, await baseline)),
    });
    agent?.close();
    if (!detached) relay.onFact({ type: 'Exited', exit, at: clock.now() });
    return exit;
  })();
  exited.catch((error: unknown) => log.error('The end of a machine cannot be told.', { machine: vmi.name, reason: reasonOf(error) }));

  const usage = usageMeter({
    process: parts.process,
    clock,
    qmp: (command, args) => qmp.execute(command, args),
    guestInterfaces: async () => {
      if (!agentAnswers) return undefined;
      return await agent?.execute('guest-network-get-interfaces', undefined, meterAgentTimeoutMs).catch(() => undefined);
    },
  });

  return {
    vmi,
    pid: parts.process.pid,
    qmp: (execute, args, timeoutMs) => qmp.execute(execute, args, timeoutMs),
    agent: async (execute, args, timeoutMs) => {
      if (agent === undefined) throw new AppError('AgentUnavailable', 'This machine has no channel for a guest agent.');
      return await agent.execute(execute, args, timeoutMs);
    },
    kill: (signal) => {
      sent = signal;
      if (isRunningNow(parts.process)) process.kill(parts.process.pid, signal);
    },
    exited,
    openSerial: async (options) => (await serial.connect()).open(options),
    openVnc: async () => {
      if (sockets.vnc === undefined) throw new AppError('Conflict', 'This machine has no graphics console.');
      return await openVncChannel(sockets.vnc);
    },
    screenshot: () => takeScreenshot(qmp, parts.runDir),
    usage,
    detach: async () => {
      detached = true;
      relay.silence();
      agent?.close();
      await serial.letGo();
      qmp.close();
      await qmp.closed;
    },
  };
}

function agentListener(relay: EventRelay, clock: Clock, onAnswers: (answers: boolean) => void): Parameters<typeof guestAgent>[1] {
  return {
    onConnected: (connected) => {
      onAnswers(connected);
      relay.onFact({ type: 'Agent', connected, at: clock.now() });
    },
    onInterfaces: (interfaces) => relay.onFact({ type: 'Interfaces', interfaces, at: clock.now() }),
    onOs: (os) => relay.onFact({ type: 'GuestOs', os, at: clock.now() }),
  };
}

/** query-chardev knows whether the guest holds the port open; VSERPORT_CHANGE only says that something changed. */
async function followAgentPort(qmp: QmpSession, socketPath: string | undefined, agent: GuestAgent | undefined): Promise<void> {
  if (socketPath === undefined || agent === undefined) return;
  const row = await chardevOf(qmp, socketPath);
  agent.setPortOpen(row?.frontendOpen === true);
}

async function chardevOf(
  qmp: QmpSession,
  socketPath: string,
): Promise<{ readonly connected: boolean; readonly frontendOpen: boolean } | undefined> {
  const answer = await qmp.execute('query-chardev');
  const rows = isJsonArray(answer) ? answer.filter(isJsonObject) : [];
  // `disconnected:unix:/run/…/serial.sock,server=on` or, with a client, without the first word.
  const row = rows.find((each) => (textOf(each['filename']) ?? '').includes(socketPath));
  if (row === undefined) return undefined;
  return { connected: !(textOf(row['filename']) ?? '').startsWith('disconnected:'), frontendOpen: row['frontend-open'] === true };
}

interface SerialConnection {
  connect(): Promise<SerialConsole>;
  letGo(): Promise<void>;
}

const acceptedLooks = 20;

function serialConnection({ identity, qmp, ended, surroundings }: MachineParts): SerialConnection {
  const { serial: socketPath } = identity.sockets;
  let connection: Promise<SerialConsole> | undefined;
  const open = async (): Promise<SerialConsole> => {
    if (socketPath === undefined) throw new AppError('Conflict', 'This machine has no serial console.');
    const console = await connectSerial({
      socketPath,
      ...(identity.serialLog === undefined ? {} : { logFile: identity.serialLog }),
      // Our own child stands still until we let it go, and its log was begun for it.
      fresh: ended !== undefined,
      log: surroundings.log,
    });
    // A connection that the kernel has accepted is not yet one that QEMU writes to; the guest must not print before it is.
    for (let look = 0; look < acceptedLooks && ended !== undefined; look += 1) {
      if ((await chardevOf(qmp, socketPath))?.connected !== false) break;
    }
    return console;
  };
  return {
    connect: async () => {
      connection ??= open();
      try {
        return await connection;
      } catch (error) {
        connection = undefined;
        throw error;
      }
    },
    letGo: async () => {
      const console = await connection?.catch(() => undefined);
      console?.close('Virtdeck lets go of the machine; it runs on.');
    },
  };
}

/**
 * An adopted QEMU is no child of ours: nobody tells us its end. Its QMP socket closes with it, and then it is a matter of
 * milliseconds; the pauses grow for a QEMU that hangs without its socket. Never settles once we have let go.
 */
async function goneAfter({ qmp, process }: MachineParts, letGo: () => boolean): Promise<undefined> {
  await qmp.closed;
  for (let pauseMs = 1; await isRunning(process); pauseMs = Math.min(pauseMs * 2, 1_000)) {
    if (letGo()) return await new Promise<never>(() => undefined);
    await delay(pauseMs, undefined, { ref: false });
  }
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
