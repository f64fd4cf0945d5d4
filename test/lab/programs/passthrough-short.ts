// Owns the short story of handed-over devices: a trial that ends by itself, a machine that drives its device, all back as it was.
// Must not judge what came of it; the tests do.
import type { DeviceTrial } from '../../../electron/api/device-trials.ts';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { PreparationPlan } from '../../../electron/api/preparation.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { awaitPhase, machinesPath, runVerbPath, verbPath } from '../../bench/machines.ts';
import {
  addressOf,
  awaitNoTrial,
  awaitOffer,
  deviceRoot,
  driverOf,
  handOver,
  permit,
  reserveNothing,
  scanned,
  scanningMachine,
  startCauses,
  takeBack,
} from '../inside/device-story.ts';
import type { LabProgramMain, LabSide } from '../inside/lab-side.ts';

const spares = ['nic', 'edu'] as const;

/** Long enough to be seen while other things are done; on a busy computer that takes its time. */
const trialSeconds = 12;

export interface ShortStory {
  /** The machine is held before its first instruction until then. */
  readonly whileItRuns?: () => void;
}

export async function shortStory(lab: LabSide, core: CoreProcess, { whileItRuns }: ShortStory = {}): Promise<void> {
  const [nic, edu] = [addressOf('nic'), addressOf('edu')];
  const held = whileItRuns === undefined ? {} : { startStrategy: 'Paused' };
  const drivers = (): readonly (string | null)[] => [nic, edu].map((address) => driverOf(address) ?? null);
  await reserveNothing(core);
  const { groups, checks } = (await core.request({ path: `${deviceRoot}/host-devices` })) as HostDeviceReport;
  const { steps, causes } = (await core.request({ path: `${deviceRoot}/preparation?devices=${nic}` })) as PreparationPlan;
  lab.report({
    verdicts: [nic, edu].map((address) => groups.find(({ addresses }) => addresses.includes(address))?.verdict.kind),
    failing: checks.filter(({ state }) => state === 'error'),
    // Nothing is missing but files: the kernel has the argument, or needs none.
    kernel: [...steps.filter(({ purpose }) => purpose === 'kernelArgument'), ...causes],
  });

  const trial = (await core.request({
    method: 'POST',
    path: `${deviceRoot}/device-trials`,
    body: { address: nic, seconds: trialSeconds },
  })) as DeviceTrial;
  lab.report({ trial: trial.addresses.length, during: drivers() });
  await core.request({ method: 'POST', path: machinesPath, body: scanningMachine('scanner', spares, held) });
  const unknown = await startCauses(core, 'scanner');
  await permit(core, spares);
  await awaitNoTrial(core);
  lab.report({ after: drivers(), unknown, unbound: await startCauses(core, 'scanner') });

  for (const address of [nic, edu]) await handOver(core, address);
  lab.report({ kept: drivers(), offers: await awaitOffer(core, spares, '1 1'), ready: await startCauses(core, 'scanner') });
  await core.request({ method: 'PUT', path: verbPath('scanner', 'start') });
  if (whileItRuns !== undefined) {
    await awaitPhase(core, 'scanner', 'Running');
    whileItRuns();
    await core.request({ method: 'PUT', path: runVerbPath('scanner', 'unpause') });
  }
  await awaitPhase(core, 'scanner', 'Succeeded');
  lab.report(await scanned(core, 'scanner'));
  for (const address of [nic, edu]) await takeBack(core, address);
  lab.report({ returned: drivers(), offers: await awaitOffer(core, spares, '0 0') });
}

const main: LabProgramMain = async (lab) => {
  const core = await startCore();
  await shortStory(lab, core);
  await core.end();
};

export default main;
