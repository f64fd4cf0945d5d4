// Owns a small launch plan for tests that start something else than QEMU in its place.
// Must not be a plan that core would make.
import type { LaunchPlan } from '../../../electron/core/qemu/launch-plan.ts';

export const vmiUid = '0d7e3f9c-1b2a-4c3d-8e4f-5a6b7c8d9e0f';

export interface PlanDirs {
  readonly runDir: string;
  readonly stateDir: string;
}

/** `script` is run by sh with the run directory as its first argument; its command line names the pid file as QEMU's does. */
export function scriptPlan({ runDir, stateDir }: PlanDirs, script: string): LaunchPlan {
  return {
    vmi: { namespace: 'default', name: 'web', uid: vmiUid },
    uuid: vmiUid,
    binary: '/bin/sh',
    accelerator: 'tcg',
    args: [{ flag: '-c', value: script }, { flag: `-${runDir}/` }, { flag: '-pidfile', value: `${runDir}/qemu.pid` }],
    runDir,
    stateDir,
    sockets: { qmp: `${runDir}/qmp.sock` },
    pidFile: `${runDir}/qemu.pid`,
    qemuLog: `${stateDir}/qemu.log`,
    files: [],
    sidecars: [],
    locks: [],
    taps: [],
    beforeCont: [],
    binding: { node: 'here', memoryNodes: [] },
    limits: { cpuWeight: 100, cpuShares: 1024, tasksMax: 600, oomScoreAdj: 100 },
    startPaused: false,
    memoryMiB: 64,
    vcpus: 1,
  };
}
