// Owns the names of the files of one run.
// Must not create them.
import type { LaunchFacts } from '../facts.ts';

// struct sockaddr_un holds 108 bytes with the closing zero.
export const maxSocketPathBytes = 107;

/** How the files of a machine's UEFI variables begin, in its state directory. */
export const nvramPrefix = 'nvram-';

/** Where a TPM keeps its state: in the state directory, or in the run directory of one that forgets. */
export const tpmFolder = 'tpm';

/** How files begin, in the state directory, that are of one run alone: what is written on top of an image, and empty disks. */
export const ofOneRun = { overlay: 'overlay-', empty: 'empty-', discarded: 'discarded-' } as const;

export function runtimePaths({ runDir, stateDir }: Pick<LaunchFacts, 'runDir' | 'stateDir'>) {
  return {
    qmpSocket: `${runDir}/qmp.sock`,
    serialSocket: `${runDir}/serial.sock`,
    vncSocket: `${runDir}/vnc.sock`,
    agentSocket: `${runDir}/agent.sock`,
    tpmSocket: `${runDir}/tpm.sock`,
    pidFile: `${runDir}/qemu.pid`,
    // Kept over runs: they are what is left to read when a machine has gone.
    serialLog: `${stateDir}/serial.log`,
    tpmLog: `${stateDir}/tpm.log`,
    qemuLog: `${stateDir}/qemu.log`,
  } as const;
}
