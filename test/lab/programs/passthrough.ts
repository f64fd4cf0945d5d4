// Owns the story of devices handed to a machine, on a computer that has them to spare: inventory, allow list, trial, machine, back again.
// Must not judge what came of it; the tests do.
import { readdirSync } from 'node:fs';
import type { DeviceTrial } from '../../../electron/api/device-trials.ts';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { KubeObject } from '../../../electron/api/object.ts';
import { startCore } from '../../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, runVerbPath, verbPath } from '../../bench/machines.ts';
import {
  addressOf,
  awaitNoTrial,
  awaitOffer,
  deviceRoot,
  driverOf,
  handOver,
  offers,
  permit,
  refusal,
  scanned,
  scanningMachine,
  startCauses,
  takeBack,
} from '../inside/device-story.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const spares = ['nic', 'gpu', 'edu'] as const;

/** Long enough to be looked at on a computer that is busy with other things. */
const trialSeconds = 20;

const main: LabProgramMain = async (lab) => {
  const core = await startCore();
  const [nic, gpu, edu] = [addressOf('nic'), addressOf('gpu'), addressOf('edu')];
  const sound = gpu.replace(/0$/, '1');
  const drivers = (): readonly (string | null)[] => [nic, gpu, sound, edu].map((address) => driverOf(address) ?? null);

  const report = (await core.request({ method: 'GET', path: `${deviceRoot}/host-devices` })) as HostDeviceReport;
  const verdict = (address: string): string | undefined => report.groups.find(({ addresses }) => addresses.includes(address))?.verdict.kind;
  lab.report({
    verdicts: [nic, gpu, edu].map(verdict),
    drivers: drivers(),
    failing: report.checks.filter(({ state }) => state === 'error'),
  });

  // Paused at once when it is there to be asked; else it scans and switches itself off.
  await core.request({ method: 'POST', path: machinesPath, body: scanningMachine('scanner', spares, { startStrategy: 'Paused' }) });
  lab.report({ unknown: await startCauses(core, 'scanner'), offers: await offers(core, spares) });
  await permit(core, spares);
  lab.report({ permitted: await awaitOffer(core, spares, '0 0 0'), unbound: await startCauses(core, 'scanner') });

  // A trial that nobody keeps: a whole card goes and comes back, and the Node says so.
  const trials = `${deviceRoot}/device-trials`;
  const trial = (await core.request({ method: 'POST', path: trials, body: { address: gpu, seconds: trialSeconds } })) as DeviceTrial;
  lab.report({ trial: trial.addresses.length, during: drivers(), offers: await awaitOffer(core, spares, '0 1 0') });
  const left = await awaitNoTrial(core);
  lab.report({
    after: drivers(),
    counted: left.every((seconds, index) => index === 0 || seconds <= (left[index - 1] ?? 0)),
    offers: await awaitOffer(core, spares, '0 0 0'),
  });

  for (const address of [nic, gpu, edu]) await handOver(core, address);
  lab.report({ kept: drivers(), offers: await awaitOffer(core, spares, '1 1 1'), ready: await startCauses(core, 'scanner') });

  await core.request({ method: 'PUT', path: verbPath('scanner', 'start') });
  await awaitPhase(core, 'scanner', 'Running');
  const instance = (await core.request({ method: 'GET', path: `${instancesPath}/scanner` })) as KubeObject;
  const given = JSON.parse(instance.metadata.annotations?.['virtdeck.io/host-devices'] ?? '{}') as Readonly<
    Record<string, readonly string[]>
  >;
  lab.report({
    given: { gpu: given['gpu']?.length, nic: given['nic'], edu: given['edu'] },
    taken: await refusal(takeBack(core, nic)),
    driver: driverOf(nic),
  });
  await core.request({ method: 'PUT', path: runVerbPath('scanner', 'unpause') });
  await awaitPhase(core, 'scanner', 'Succeeded');
  lab.report(await scanned(core, 'scanner'));

  for (const address of [nic, gpu, edu]) await takeBack(core, address);
  lab.report({ returned: drivers(), offers: await awaitOffer(core, spares, '0 0 0'), files: readdirSync('/run/virtdeck-helper') });
  await permit(core, []);
  lab.report({ forbidden: await startCauses(core, 'scanner') });
  await core.end();
};

export default main;
