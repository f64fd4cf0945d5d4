// Owns the MachinePort: run directories, starting and finding QEMU, what is kept of a machine over its runs.
// Must not decide when anything is started, nor hold a list of machines; the engine does.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../api/errors.ts';
import { argvOf } from '../core/qemu/launch-plan.ts';
import type { LaunchPlan } from '../core/qemu/launch-plan.ts';
import { nvramPrefix, runtimePaths } from '../core/qemu/runtime-paths.ts';
import type { Clock, FactListener, FoundMachine, Log, MachinePort, RunningMachine } from '../engine/ports.ts';
import { lastLook } from './consoles/screen-look.ts';
import { beginSerialLog, rotatedLog } from './consoles/serial-log.ts';
import { errnoOf } from './errno.ts';
import { keepEvidence, readEvidence, readEvidencePicture } from './evidence.ts';
import { writePrivateFile } from './private-file.ts';
import { bootId } from './proc.ts';
import type { ProcessId } from './proc.ts';
import { findProcess, openIdentified, scanRunDirs } from './qemu/adopt.ts';
import { affinityPrefix, keepWithin } from './qemu/affinity.ts';
import { earlyExitError } from './qemu/early-exit.ts';
import { identityOf, readIdentity, writeIdentity } from './qemu/identity.ts';
import { eventRelay } from './qemu/event-relay.ts';
import { guardedError } from './qemu/mandatory-access.ts';
import { attachMachine } from './qemu/machine.ts';
import type { MachineSurroundings } from './qemu/machine.ts';
import { startQemu } from './qemu/process.ts';
import type { HostLimits } from './limits/limits.ts';
import { removeRunDisks } from './run-disks.ts';
import { setNvramAside } from './nvram.ts';
import { tpmCopy } from './tpm-copy.ts';
import { placeFile } from './place-file.ts';
import { endSidecars, startSidecars } from './sidecars.ts';
import { preparePrivateDir, prepareRunRoot, refuseLongSocket, removeDir, runDirOf, stateDirOf } from './run-dir.ts';

export interface MachinesOptions {
  readonly dataDir: string;
  readonly runDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: HostLimits;
  /** What else was made for a run, taken away before its directory is. */
  readonly beforeRemoval?: (runDir: string) => Promise<void>;
}

const screenshotName = 'screenshot.png';

export function createMachines(options: MachinesOptions): MachinePort & { close(): Promise<void> } {
  const { dataDir, runDir: runRoot, clock, log, limits } = options;
  const attached = new Set<RunningMachine>();
  const boot = bootId();
  boot.catch(() => undefined);

  const keep = (machine: RunningMachine): RunningMachine => {
    attached.add(machine);
    void machine.exited.finally(() => attached.delete(machine));
    return machine;
  };
  const stateFile = (ownerUid: string, name: string): string => path.join(stateDirOf(dataDir, ownerUid), name);

  return {
    createRunDir: async (plan) => {
      for (const socket of Object.values(plan.sockets)) refuseLongSocket(socket);
      await prepareRunRoot(runRoot);
      await preparePrivateDir(plan.stateDir);
      await preparePrivateDir(plan.runDir);
      await writeIdentity(plan.runDir, identityOf(plan, await boot));
    },
    removeRunDir: async (directory) => {
      // Those that a core which was killed left behind, too: they must not write into a directory that a new run makes.
      await endSidecars(directory);
      await options.beforeRemoval?.(directory);
      await limits.release(directory);
      await removeDir(directory);
    },
    startSidecars: async (plan) => {
      const prefix = await limits.prefix(plan.runDir);
      await startSidecars({
        plan,
        scoped: (name) => prefix(unitName(plan, name)),
        onPid: (pid) => limits.join(plan.runDir, pid),
      });
    },
    endSidecars,
    placeFile,
    spawn: async (plan, onFact) => keep(await spawnMachine({ plan, onFact, boot: await boot, surroundings: { clock, log, limits } })),
    scan: async () => await scanRunDirs({ runRoot, boot: await boot, log, limits }),
    adopt: async (found, onFact) => keep(await adoptMachine({ found, onFact, surroundings: { clock, log, limits } })),
    directories: (vmiUid, ownerUid) => ({ runDir: runDirOf(runRoot, vmiUid), stateDir: stateDirOf(dataDir, ownerUid) }),
    setNvramAside: (ownerUid) => setNvramAside(stateDirOf(dataDir, ownerUid)),
    removeRunDisks: (ownerUid) => removeRunDisks(stateDirOf(dataDir, ownerUid)),
    removeStateDir: (ownerUid) => removeDir(stateDirOf(dataDir, ownerUid)),
    serialLog: async (ownerUid) => {
      const { serialLog } = runtimePaths({ runDir: runRoot, stateDir: stateDirOf(dataDir, ownerUid) });
      const current = await readBytesIfThere(serialLog);
      const before = await readBytesIfThere(rotatedLog(serialLog));
      if (current === undefined) return before;
      return before === undefined ? current : Buffer.concat([before, current]);
    },
    lastScreenshot: (ownerUid) => readBytesIfThere(stateFile(ownerUid, screenshotName)),
    keepScreenshot: async (ownerUid, png) => {
      try {
        await writePrivateFile(stateFile(ownerUid, screenshotName), png);
      } catch (error) {
        // The machine was deleted with everything kept of it: its last picture must not bring the directory back.
        if (errnoOf(error) !== 'ENOENT') throw error;
      }
    },
    stateImages: async (ownerUid) => {
      const folder = stateDirOf(dataDir, ownerUid);
      const names = await readdir(folder).catch((error: unknown) => {
        if (errnoOf(error) === 'ENOENT') return [];
        throw error;
      });
      return names.filter((name) => name.startsWith(nvramPrefix) && name.endsWith('.qcow2')).map((name) => path.join(folder, name));
    },
    tpmCopy: (ownerUid, action, tag) => tpmCopy(stateDirOf(dataDir, ownerUid), action, tag),
    lastLook,
    keepEvidence: (ownerUid, report, screen) => keepEvidence(stateDirOf(dataDir, ownerUid), report, screen),
    evidence: (ownerUid) => readEvidence(stateDirOf(dataDir, ownerUid)),
    evidenceScreenshot: (ownerUid, id) => readEvidencePicture(stateDirOf(dataDir, ownerUid), id),
    close: async () => {
      await Promise.all([...attached].map((machine) => machine.detach()));
    },
  };
}

interface SpawnParts {
  readonly plan: LaunchPlan;
  readonly onFact: FactListener;
  readonly boot: string;
  readonly surroundings: MachineSurroundings;
}

async function spawnMachine({ plan, onFact, boot, surroundings }: SpawnParts): Promise<RunningMachine> {
  // With the pids of what was started beside it.
  const identity = (await readIdentity(plan.runDir)) ?? identityOf(plan, boot);
  const relay = eventRelay(onFact, surroundings.clock);
  if (plan.serialLog !== undefined) await beginSerialLog(plan.serialLog);
  const { limits } = surroundings;
  const prefix = await limits.prefix(plan.runDir);
  const started = await startQemu({
    // Inside its processors from the start: threads that QEMU makes later inherit them.
    argv: [...prefix(unitName(plan)), ...affinityPrefix(plan.binding.cpus), ...argvOf(plan)],
    ...(plan.env === undefined ? {} : { env: plan.env }),
    qmpSocket: plan.sockets.qmp,
    qemuLog: plan.qemuLog,
    onEvent: relay.onEvent,
    onProcess: async (found: ProcessId) => {
      // Before anything else: what it takes from here on is counted. Its guest's memory is not touched yet.
      await limits.join(plan.runDir, found.pid);
      // A group of cpusets gives whoever joins it all of its processors again.
      await keepWithin(found.pid, plan.binding.cpus);
      await writeIdentity(plan.runDir, { ...identity, process: found });
    },
    earlyExit: (stderr, ending) => guardedError(earlyExitError(stderr, ending, plan.args), stderr),
  });
  return await attachMachine({ identity, runDir: plan.runDir, relay, surroundings, ...started });
}

interface AdoptParts {
  readonly found: FoundMachine;
  readonly onFact: FactListener;
  readonly surroundings: MachineSurroundings;
}

async function adoptMachine({ found, onFact, surroundings }: AdoptParts): Promise<RunningMachine> {
  const { runDir, vmi } = found;
  const identity = await readIdentity(runDir);
  const process = identity === undefined ? undefined : await findProcess(identity);
  if (identity === undefined || process === undefined) {
    throw new AppError('NotFound', `The run directory ${runDir} of ${vmi.namespace}/${vmi.name} has no running QEMU.`);
  }
  const relay = eventRelay(onFact, surroundings.clock);
  const qmp = await openIdentified(identity, relay.onEvent);
  await writeIdentity(runDir, { ...identity, process });
  return await attachMachine({ identity, runDir, process, qmp, relay, surroundings });
}

/** Names of scopes must be unique: a scope that failed stays until it is collected. */
function unitName(plan: LaunchPlan, sidecar?: string): string {
  return `virtdeck-${path.basename(plan.runDir).replace(/[^\w-]/g, '')}${sidecar === undefined ? '' : `-${sidecar}`}.scope`;
}

async function readBytesIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
