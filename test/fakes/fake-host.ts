// Owns a whole Host in memory: machines that "run", disks that "fill", a computer that reports.
// Must not touch the real computer.
import type { CertificatePort, Clock, ClusterPort, Host } from '../../electron/engine/ports.ts';
import { type FakeCertificates, fakeCertificates } from './fake-certificates.ts';
import { type FakeComputer, fakeComputer } from './fake-computer.ts';
import { type FakeDisks, fakeDisks } from './fake-disks.ts';
import { type FakeImages, fakeImages } from './fake-images.ts';
import { fakeClusters } from './fake-clusters.ts';
import { fakeHostDevices } from './fake-host-devices.ts';
import { fakePreparation } from './fake-preparation.ts';
import { fakeMachines, type Gate } from './fake-machines.ts';
import { fakeLimits } from './fake-limits.ts';
import { fakeMemory } from './fake-memory.ts';
import { fakeNetwork } from './fake-network.ts';
import { fakeSession } from './fake-session.ts';
import { type FakeWorld, fakeWorld } from './fake-world.ts';
import { realClock } from './real-clock.ts';

export interface FakeHost extends Host {
  readonly disks: FakeDisks;
  readonly images: FakeImages;
  readonly fakeCertificates: FakeCertificates;
  readonly computer: FakeComputer;
  /** What lies under it, and outlives it. */
  readonly world: FakeWorld;
  /**
   * As kill -9 of the core: nothing asked of this host answers any more and no fact is heard; guests run on.
   * Answers the host that the next core finds.
   */
  crash(): FakeHost;
  /** Crashes by itself at the n-th call from now (1 is the next), before or after that call has had its effect. */
  crashAt(call: number, moment: 'before' | 'after'): void;
  readonly crashed: boolean;
  /** How often it was asked for anything. */
  readonly calls: number;
}

export interface FakeHostOptions {
  /** Real time when absent. */
  readonly clock?: Clock;
  /** Real certificates in place of the pretended ones. */
  readonly certificates?: CertificatePort;
  /** Real lines to clusters in place of none. */
  readonly clusters?: ClusterPort;
  /** The computer of a host before. */
  readonly world?: FakeWorld;
}

export function fakeHost(options: FakeHostOptions = {}): FakeHost {
  const world = options.world ?? fakeWorld(options.clock ?? realClock());
  let crashed = false;
  let calls = 0;
  let fuse: { readonly calls: number; readonly moment: 'before' | 'after' } | undefined;
  const die = (): void => {
    crashed = true;
    for (const guest of world.guests.values()) guest.listener = undefined;
  };
  const burn = (): 'before' | 'after' | undefined => {
    if (fuse === undefined) return undefined;
    fuse = { ...fuse, calls: fuse.calls - 1 };
    return fuse.calls <= 0 ? fuse.moment : undefined;
  };
  const gate: Gate = async (work) => {
    calls += 1;
    const moment = crashed ? undefined : burn();
    if (moment === 'before') die();
    if (crashed) return never();
    const result = work();
    // A fuse that burns after a call burns before its answer is heard.
    if (moment === 'after') {
      die();
      void Promise.resolve(result).catch(() => undefined);
      return never();
    }
    try {
      const value = await result;
      return crashed ? await never() : value;
    } catch (error) {
      if (crashed) return never();
      throw error;
    }
  };
  const pretended = fakeCertificates(world, gate);
  return {
    world,
    certificates: options.certificates ?? pretended,
    fakeCertificates: pretended,
    machines: fakeMachines(world, gate),
    disks: fakeDisks(world, gate),
    images: fakeImages(world, gate),
    computer: fakeComputer(world, gate),
    network: fakeNetwork(world, gate),
    devices: fakeHostDevices(world, gate),
    limits: fakeLimits(world, gate),
    preparation: fakePreparation(world, gate),
    memory: fakeMemory(world, gate),
    session: fakeSession(world),
    clusters: options.clusters ?? fakeClusters(),
    crash() {
      die();
      return fakeHost({
        world,
        ...(options.certificates === undefined ? {} : { certificates: options.certificates }),
        ...(options.clusters === undefined ? {} : { clusters: options.clusters }),
      });
    },
    crashAt(call, moment) {
      fuse = { calls: call, moment };
    },
    get crashed() {
      return crashed;
    },
    get calls() {
      return calls;
    },
    close: async () => undefined,
  };
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
