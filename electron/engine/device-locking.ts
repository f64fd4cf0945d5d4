// Owns having a running QEMU let lock more memory for a card, beside the turn of its machine: a stop must not wait for somebody's password.
// Must not plug anything in.
import { type DeviceSubject, release } from './device-subject.ts';

/** What became of it; nothing while it is asked for. */
export interface Locking {
  readonly lockedMiB: number;
  outcome?: 'allowed' | { readonly error: unknown };
}

/** The machine is looked at again when there is an answer. Nobody is asked for two passwords at once. */
export function askToLock({ context, guest, memory }: DeviceSubject, names: readonly string[], lockedMiB: number): void {
  const asked = [...memory.locking.values()].find((one) => one.outcome === undefined && one.lockedMiB >= lockedMiB);
  const locking: Locking = asked ?? { lockedMiB };
  for (const name of names) memory.locking.set(name, locking);
  if (asked !== undefined) return;
  const answered = (outcome: NonNullable<Locking['outcome']>): void => {
    locking.outcome = outcome;
    guest.hostDevices = undefined;
    context.wake(guest.key);
  };
  context.host.devices.allowLocking(lockedMiB * 1024 ** 2, guest.machine.pid).then(
    () => answered('allowed'),
    (error: unknown) => answered({ error }),
  );
}

export function mayLock({ memory }: DeviceSubject, names: readonly string[], lockedMiB: number): boolean {
  return names.every((name) => {
    const locking = memory.locking.get(name);
    return locking?.outcome === 'allowed' && locking.lockedMiB >= lockedMiB;
  });
}

export interface LockingAnswers {
  readonly allowed: readonly string[];
  /** Their devices are nobody's from here on. */
  readonly refused: readonly { readonly name: string; readonly error: unknown }[];
}

/** Of names whose answer has come. */
export function lockingAnswers(subject: DeviceSubject): LockingAnswers {
  const rows = [...subject.memory.locking];
  const refused = rows.flatMap(([name, { outcome }]) => (typeof outcome === 'object' ? [{ name, error: outcome.error }] : []));
  for (const { name } of refused) {
    subject.memory.locking.delete(name);
    release(subject, name);
  }
  return { allowed: rows.flatMap(([name, { outcome }]) => (outcome === 'allowed' ? [name] : [])), refused };
}
