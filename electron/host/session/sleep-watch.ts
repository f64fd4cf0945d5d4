// Owns hearing from logind that this computer is about to sleep and has woken, and holding it up while machines are paused.
// Must not pause anything; the listener does.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Log, SleepListener } from '../../engine/ports.ts';
import { reasonOf } from '../errno.ts';
import { cleanEnvironment, findProgram } from '../exec.ts';
import { lineFramer } from '../qemu/json-lines.ts';

const monitorArgs = ['monitor', '--system', '--dest', 'org.freedesktop.login1', '--object-path', '/org/freedesktop/login1'];
/** Holds as long as the program runs; `cat` runs as long as we keep its standard input, and not longer than we live. */
const inhibitArgs = ['--what=sleep', '--mode=delay', '--who=Virtdeck', '--why=Machines are paused', 'cat'];

/** Undefined for every other line. `/org/…: org.freedesktop.login1.Manager.PrepareForSleep (true,)` comes before, `(false,)` after. */
export function sleepSignalIn(line: string): 'sleeps' | 'wakes' | undefined {
  const found = /org\.freedesktop\.login1\.Manager\.PrepareForSleep \((true|false),?\)/.exec(line)?.[1];
  return found === undefined ? undefined : found === 'true' ? 'sleeps' : 'wakes';
}

/** Does nothing where there is no logind to listen to. Answers how to stop. */
export function watchSleep(listener: SleepListener, log: Log): () => void {
  const running = new Set<ChildProcess>();
  let stopped = false;
  let inhibitor: ChildProcess | undefined;

  const start = (program: string, args: readonly string[]): ChildProcess => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], env: cleanEnvironment() });
    running.add(child);
    child.on('error', () => running.delete(child));
    child.on('exit', () => running.delete(child));
    child.stdin?.on('error', () => undefined);
    child.unref();
    return child;
  };
  const hold = async (): Promise<void> => {
    const program = await findProgram('systemd-inhibit');
    if (program !== undefined && !stopped) inhibitor = start(program, inhibitArgs);
  };
  const letGo = (): void => {
    inhibitor?.stdin?.end();
    inhibitor = undefined;
  };
  const hear = async (line: string): Promise<void> => {
    const signal = sleepSignalIn(line);
    try {
      if (signal === 'sleeps') await listener.onSleep();
      if (signal === 'wakes') await Promise.all([hold(), listener.onWake()]);
    } catch (error) {
      log.warn('Machines could not be told that the computer sleeps', { reason: reasonOf(error) });
    }
    // Whatever became of it: the computer is not kept awake.
    if (signal === 'sleeps') letGo();
  };
  const listen = async (): Promise<void> => {
    const program = await findProgram('gdbus');
    if (program === undefined || stopped) return;
    const monitor = start(program, monitorArgs);
    const feed = lineFramer(
      (bytes) => void hear(bytes.toString('utf8')),
      () => undefined,
    );
    monitor.stdout?.on('data', feed);
    await hold();
  };
  void listen();
  return () => {
    stopped = true;
    for (const child of running) child.kill();
    running.clear();
  };
}
