// Owns running a plan of core with a real QEMU, past the engine: what the plan says is what is tried.
// Must not test anything.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../electron/api/errors.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { launchDecision } from '../../electron/core/qemu/launch.ts';
import { type LaunchPlan, argvOf } from '../../electron/core/qemu/launch-plan.ts';
import { placeFile } from '../../electron/host/place-file.ts';
import { identityOf, writeIdentity } from '../../electron/host/qemu/identity.ts';
import { startQemu } from '../../electron/host/qemu/process.ts';
import { endSidecars, startSidecars } from '../../electron/host/sidecars.ts';
import { type CaseFacts, type GoldenCase, instanceOf, launchFacts } from '../golden/golden-case.ts';

export interface Planned {
  readonly vm: VirtualMachine;
  /** Holds the run and the state of the machine; a second plan in the same folder is its next start. */
  readonly folder: string;
  /** Of the disk `root`: raw, and read-only. */
  readonly image: string;
  readonly facts?: CaseFacts;
}

export async function planOf({ vm, folder, image, facts }: Planned): Promise<LaunchPlan> {
  const places = { runDir: path.join(folder, 'run'), stateDir: path.join(folder, 'state'), pool: folder };
  for (const place of [places.runDir, places.stateDir]) await mkdir(place, { recursive: true });
  const volumes = { root: { path: image, format: 'raw', writable: false } };
  const golden: GoldenCase = { name: 'planned', intent: '', host: 'qemu-7.2-x86_64', facts: { ...facts, volumes }, vm };
  const vmi = instanceOf(golden);
  const { plan, causes } = launchDecision(vmi, launchFacts(golden, vmi, places));
  if (plan === undefined || causes.length > 0) throw new Error(JSON.stringify(causes));
  return plan;
}

/** Paused until `cont`. Everything ends with the scope; the folder stays. */
export async function startedPlan(plan: LaunchPlan) {
  for (const file of plan.files) await placeFile(file);
  await writeIdentity(plan.runDir, identityOf(plan, 'boot'));
  await startSidecars({ plan, scoped: () => [] });
  const qemu = await startQemu({
    argv: ['nice', ...argvOf(plan)],
    qmpSocket: plan.sockets.qmp,
    qemuLog: plan.qemuLog,
    onEvent: () => undefined,
    onProcess: () => Promise.resolve(),
    earlyExit: (stderr) => new AppError('QemuExitedEarly', stderr),
  });
  return {
    ...qemu,
    async [Symbol.asyncDispose](): Promise<void> {
      qemu.qmp.close();
      try {
        process.kill(qemu.process.pid, 'SIGKILL');
      } catch {
        // ESRCH: it has ended by itself, as it should.
      }
      await qemu.ended;
      await endSidecars(plan.runDir);
    },
  };
}

/** Nobody reads the socket: the log alone must have everything, from power-on. Rejects with the tail when it does not come. */
export async function serialUntil({ serialLog = '' }: LaunchPlan, pattern: RegExp): Promise<string> {
  const deadline = performance.now() + 240_000;
  for (;;) {
    const text = (await readFile(serialLog, 'latin1')).replaceAll('\r', '');
    if (pattern.test(text)) return text;
    if (performance.now() > deadline) throw new Error(`The guest did not get that far: ${text.slice(-2000)}`);
    await delay(100);
  }
}
