// Owns a device where its interrupts are not remapped: told before anything is done, refused by its reason, and allowed by who knows what it means.
// Must not judge what came of it; the test does.
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { awaitPhase, machinesPath, stopAndForget, verbPath } from '../../bench/machines.ts';
import {
  addressOf,
  awaitOffer,
  deviceRoot,
  driverOf,
  handOver,
  permit,
  scanned,
  scanningMachine,
  startCauses,
  takeBack,
} from '../inside/device-story.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';
import { saidOfRun } from '../inside/said-of-run.ts';

/** Its run is gone a moment before its stop is over. */
async function startCheckOfStopped(core: CoreProcess, name: string): Promise<StartCheck> {
  for (;;) {
    const check = (await core.request({ method: 'PUT', path: `${verbPath(name, 'start')}?dryRun=All` })) as StartCheck;
    if (!check.causes.some(({ reason }) => reason === 'LifecycleConflict')) return check;
    await delay(100);
  }
}

const main: LabProgramMain = async (lab) => {
  const core = await startCore();
  const nic = addressOf('nic');
  const remapping = async (): Promise<string> => {
    const { checks } = (await core.request({ path: `${deviceRoot}/host-devices` })) as HostDeviceReport;
    const { state = '', message = '', fix = '' } = checks.find(({ id }) => id === 'interruptRemapping') ?? {};
    return `${state}: ${message} ${fix}`;
  };
  await permit(core, ['nic']);
  await core.request({ method: 'POST', path: machinesPath, body: scanningMachine('web', ['nic']) });
  lab.report({ check: await remapping(), causes: await startCauses(core, 'web') });

  await handOver(core, nic);
  lab.report({ driver: driverOf(nic), offers: await awaitOffer(core, ['nic'], '0'), causes: await startCauses(core, 'web') });
  await core.request({ method: 'PUT', path: verbPath('web', 'start') });
  lab.report({ refused: await saidOfRun(core, 'web', 'not remapped') });
  await stopAndForget(core, 'web');

  // As `vfio_iommu_type1.allow_unsafe_interrupts=1` does at the next start.
  writeFileSync('/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts', 'Y');
  const { causes, warnings } = await startCheckOfStopped(core, 'web');
  const unsafe = warnings.filter(({ reason }) => reason === 'UnsafeInterrupts').map(({ field, fix }) => `${field} ${fix}`);
  lab.report({ check: await remapping(), causes, unsafe });
  await core.request({ method: 'PUT', path: verbPath('web', 'start') });
  await awaitPhase(core, 'web', 'Succeeded');
  lab.report({ guest: (await scanned(core, 'web')).guest });
  await takeBack(core, nic);
  lab.report({ driver: driverOf(nic) });
  await core.end();
};

export default main;
