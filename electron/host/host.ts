// Owns putting the host together: machines, disks and the computer behind the ports of the engine.
// Must not decide anything.
import { mkdir } from 'node:fs/promises';
import type { Clock, DiskPort, Host, ImagePort, Log } from '../engine/ports.ts';
import { createCertificates } from './certificates/certificates.ts';
import { createClusters } from './clusters/clusters.ts';
import { createComputer } from './computer.ts';
import { createHostDevices } from './devices/host-devices.ts';
import { createLimits } from './limits/limits.ts';
import { createMachines } from './machines.ts';
import { createMemory } from './memory/memory.ts';
import { createNetwork } from './network/network.ts';
import { prepareRunRoot } from './run-dir.ts';
import { preparationOnDemand } from './preparation/preparation-on-demand.ts';
import { createSession } from './session/session.ts';

export interface HostOptions {
  /** What is kept: disks, NVRAM, logs, answers that took long. */
  readonly dataDir: string;
  /** Sockets and pid files; see defaultRunDir. */
  readonly runDir: string;
  /** Of this program, for the report. */
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly disks: DiskPort;
  readonly images: ImagePort;
}

/** Throws Forbidden or BadRequest for directories that sockets cannot safely lie in. */
export async function createHost({ dataDir, runDir, version, clock, log, disks, images }: HostOptions): Promise<Host> {
  // A data folder that the user made keeps its mode; what is private in it lies in folders that are.
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await prepareRunRoot(runDir);
  const network = createNetwork({ dataDir, log });
  const limits = createLimits({ log });
  const machines = createMachines({ dataDir, runDir, clock, log, limits, beforeRemoval: (run) => network.disconnect(run) });
  const clusters = createClusters();
  return {
    certificates: createCertificates(dataDir),
    machines,
    disks,
    network,
    devices: createHostDevices(),
    preparation: preparationOnDemand(),
    images,
    limits,
    memory: createMemory(),
    clusters,
    session: createSession({ dataDir, runDir, log }),
    computer: createComputer({ dataDir, version, log, disks, limits }),
    async close() {
      clusters.close();
      await machines.close();
    },
  };
}
