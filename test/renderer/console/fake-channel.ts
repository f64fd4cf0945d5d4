// Owns a byte channel that a test holds by both ends, and a schedule that a test advances.
// Must not hold tests.
import type { ByteChannel } from '../../../electron/api/channel.ts';
import type { Schedule } from '../../../renderer/features/console/reconnect.ts';

export interface FakeChannel {
  readonly channel: ByteChannel;
  /** What the console wrote, and whether it paused or closed, in order. */
  readonly log: string[];
  /** What `write` answers from now on. */
  accept(yes: boolean): void;
  say(text: string): void;
  sayBytes(bytes: Uint8Array): void;
  drain(): void;
  end(reason?: string): void;
}

export function fakeChannel(): FakeChannel {
  let data: (chunk: Uint8Array) => void = () => undefined;
  let drain: () => void = () => undefined;
  let close: (reason?: string) => void = () => undefined;
  let accepting = true;
  const log: string[] = [];
  return {
    log,
    channel: {
      write(chunk) {
        log.push(`write ${new TextDecoder().decode(chunk)}`);
        return accepting;
      },
      onData: (listener) => (data = listener),
      onDrain: (listener) => (drain = listener),
      onClose: (listener) => (close = listener),
      pause: () => log.push('pause'),
      resume: () => log.push('resume'),
      close: () => log.push('close'),
    },
    accept: (yes) => (accepting = yes),
    say: (text) => data(new TextEncoder().encode(text)),
    sayBytes: (bytes) => data(bytes),
    drain: () => drain(),
    end: (reason) => close(reason),
  };
}

export interface FakeSchedule {
  readonly schedule: Schedule;
  /** Milliseconds of what waits, in order of asking. */
  waiting(): readonly number[];
  /** Runs the first that waits exactly `ms`. */
  run(ms: number): void;
}

export function fakeSchedule(): FakeSchedule {
  let jobs: { readonly work: () => void; readonly ms: number }[] = [];
  return {
    schedule(work, ms) {
      const job = { work, ms };
      jobs.push(job);
      return () => (jobs = jobs.filter((other) => other !== job));
    },
    waiting: () => jobs.map(({ ms }) => ms),
    run(ms) {
      const job = jobs.find((each) => each.ms === ms);
      if (job === undefined) throw new Error(`Nothing waits ${ms} ms.`);
      jobs = jobs.filter((other) => other !== job);
      job.work();
    },
  };
}
