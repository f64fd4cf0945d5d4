// Owns one running QEMU after it answers QMP: its consoles, its agent, its measures, and how it ended.
// Must not start it, nor decide anything about it.
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../api/errors.ts';
import type { ExitFact } from '../../core/facts.ts';
import type { Clock, Log, RunningMachine } from '../../engine/ports.ts';
import { lookAtScreen } from '../consoles/screen-look.ts';
import { takeScreenshot } from '../consoles/screenshot.ts';
import { openVncChannel } from '../consoles/vnc.ts';
import { reasonOf } from '../errno.ts';
import { isThere } from '../is-there.ts';
import { askGuest } from '../probes/ask.ts';
import { isRunning, isRunningNow } from '../proc.ts';
import type { ProcessId } from '../proc.ts';
import { pinThreads } from './affinity.ts';
import { agentLink } from './agent-link.ts';
import { guestPorts } from './guest-port.ts';
import type { EventRelay } from './event-relay.ts';
import { explained } from './explained.ts';
import { exitFact } from './exit.ts';
import { runJob } from './job.ts';
import type { Identity } from './identity.ts';
import { oomBaseline, outOfMemory, ownGroup } from './out-of-memory.ts';
import type { OomBaseline } from './out-of-memory.ts';
import { logTail } from './process.ts';
import type { Ending } from './process.ts';
import type { QmpSession } from './qmp.ts';
import { serialLink } from './serial-link.ts';
import { endSidecars, watchSidecars } from '../sidecars.ts';
import type { HostLimits } from '../limits/limits.ts';
import { tapCounters } from './tap-counters.ts';
import { usageMeter } from './usage.ts';

/** What every machine needs of the host. */
export interface MachineSurroundings {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: HostLimits;
}

export interface MachineParts {
  readonly identity: Identity;
  readonly runDir: string;
  readonly process: ProcessId;
  readonly qmp: QmpSession;
  readonly relay: EventRelay;
  /** Of our own child; an adopted machine is nobody's. */
  readonly ended?: Promise<Ending>;
  readonly surroundings: MachineSurroundings;
}

/** What became of the machine through us. */
interface Doings {
  readonly sent?: 'SIGTERM' | 'SIGKILL';
  readonly detached: boolean;
}

const lastEventsMs = 500;

/** Connects what belongs to a running machine. A serial console that cannot be reached is tried again when it is opened. */
export async function attachMachine(parts: MachineParts): Promise<RunningMachine> {
  const { identity, qmp, relay, runDir } = parts;
  const { clock, log } = parts.surroundings;
  const { sockets, vmi } = identity;
  const machine = { machine: `${vmi.namespace}/${vmi.name}` };
  let doings: Doings = { detached: false };
  const agent = agentLink({ qmp, relay, clock, socketPath: sockets.agent });
  const serial = serialLink({ identity, qmp, log, fresh: parts.ended !== undefined });
  const [baseline] = await Promise.all([
    oomBaseline(parts.process.pid),
    sockets.serial === undefined
      ? undefined
      : serial
          .connect()
          .catch((error: unknown) => log.warn('The serial console cannot be reached.', { ...machine, reason: reasonOf(error) })),
  ]);

  const stopWatching = watchSidecars(identity.sidecars ?? [], (end) => relay.onFact({ type: 'SidecarEnded', ...end, at: clock.now() }));
  const exited = endOf(parts, { baseline, doings: () => doings, stopWatching }).then(async (exit) => {
    agent.close();
    // Before its end is told: a new run may begin then, and finds what they keep (the TPM's state) written down.
    await endSidecars(runDir).catch((error: unknown) =>
      log.error('A program beside QEMU could not be ended.', { ...machine, reason: reasonOf(error) }),
    );
    relay.onFact({ type: 'Exited', exit, at: clock.now() });
    return exit;
  });
  exited.catch((error: unknown) => log.error('The end of a machine cannot be told.', { ...machine, reason: reasonOf(error) }));

  const usage = usageMeter({
    process: parts.process,
    clock,
    qmp: (command, args) => qmp.execute(command, args),
    guestInterfaces: () => agent.interfaces(),
    tapBytes: tapCounters({ pid: parts.process.pid, clock, qmp: (command, args) => qmp.execute(command, args) }),
  });

  return {
    vmi,
    pid: parts.process.pid,
    qmp: (execute, args, timeoutMs) => explained(execute, qmp.execute(execute, args, timeoutMs)),
    agent: (execute, args, timeoutMs) => agent.execute(execute, args, timeoutMs),
    job: (execute, args) => runJob((command, given) => qmp.execute(command, given), execute, args),
    probe: (question, timeoutMs) =>
      askGuest(
        { qmp: (execute, args) => qmp.execute(execute, args), agent: (execute, args, limit) => agent.execute(execute, args, limit) },
        question,
        timeoutMs,
      ),
    kill: (signal) => {
      doings = { ...doings, sent: signal };
      if (isRunningNow(parts.process)) process.kill(parts.process.pid, signal);
    },
    pin: (threads) => pinThreads({ pid: parts.process.pid, qmp: (command) => qmp.execute(command) }, threads),
    exited,
    openSerial: async (options) => (await serial.connect()).open(options),
    openVnc: async () => {
      if (sockets.vnc === undefined) throw new AppError('Conflict', 'This machine has no graphics console.');
      return await openVncChannel(sockets.vnc);
    },
    openPort: guestPorts((command, args) => qmp.execute(command, args)),
    screenshot: () => takeScreenshot(qmp, runDir),
    look: (isCurrent) => lookAtScreen(qmp, runDir, isCurrent),
    usage,
    detach: async () => {
      doings = { ...doings, detached: true };
      stopWatching();
      relay.silence();
      agent.close();
      await serial.letGo();
      qmp.close();
      await qmp.closed;
    },
  };
}

interface Watch {
  readonly baseline: OomBaseline;
  readonly doings: () => Doings;
  readonly stopWatching: () => void;
}

async function endOf(parts: MachineParts, { baseline, doings, stopWatching }: Watch): Promise<ExitFact> {
  const { identity, qmp, relay } = parts;
  const ending = parts.ended === undefined ? await goneAfter(parts, () => doings().detached) : await parts.ended;
  // What runs beside QEMU ends with it: that is no news.
  stopWatching();
  // What QEMU said last may still be in the socket.
  await Promise.race([qmp.closed, delay(lastEventsMs)]);
  const { sent } = doings();
  const shutdownReason = relay.shutdownReason();
  const pidFileLeft = await isThere(identity.pidFile);
  const mayBeOom = sent !== 'SIGKILL' && (ending === undefined ? pidFileLeft : ending.signal === 'SIGKILL');
  const own = mayBeOom ? await ownGroup(parts.surroundings.limits, parts.runDir) : undefined;
  const oom = mayBeOom ? await outOfMemory({ pid: parts.process.pid, baseline, ...(own === undefined ? {} : { own }) }) : undefined;
  return exitFact({
    ...(ending === undefined ? {} : { ending }),
    ...(shutdownReason === undefined ? {} : { shutdownReason }),
    ...(sent === undefined ? {} : { sent }),
    watched: true,
    pidFileLeft,
    stderr: await logTail(identity.qemuLog),
    ...(oom === undefined ? {} : { outOfMemory: oom }),
  });
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
