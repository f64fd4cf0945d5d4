// Owns asking for a device where it cannot be had: what is said before anything changes.
// Must not judge what came of it; the test does.
import { appendFileSync } from 'node:fs';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { PreparationPlan } from '../../../electron/api/preparation.ts';
import { startCore } from '../../bench/core-process.ts';
import { machinesPath } from '../../bench/machines.ts';
import { becomeDebian } from '../inside/debian-computer.ts';
import { addressOf, deviceRoot, driverOf, permit, refusal, scanningMachine, startCauses } from '../inside/device-story.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

/** `input.grub`: lines of /etc/default/grub beside what Debian has there. */
const main: LabProgramMain = async (lab) => {
  const { grub = '' } = (lab.input ?? {}) as { readonly grub?: string };
  becomeDebian();
  appendFileSync('/etc/default/grub', grub);
  const core = await startCore();
  const nic = addressOf('nic');
  await permit(core, ['nic']);
  await core.request({ method: 'POST', path: machinesPath, body: scanningMachine('web', ['nic']) });
  const { checks, groups } = (await core.request({ path: `${deviceRoot}/host-devices` })) as HostDeviceReport;
  const { steps, causes } = (await core.request({ path: `${deviceRoot}/preparation?devices=${nic}` })) as PreparationPlan;
  lab.report({
    failing: checks.filter(({ state }) => state === 'error').map(({ message, fix }) => `${message} ${fix ?? ''}`),
    verdict: groups.find(({ addresses }) => addresses.includes(nic))?.verdict.kind ?? 'no group',
    kernel: steps.filter(({ purpose }) => purpose === 'kernelArgument').map(({ why }) => why),
    stops: causes.map(({ fix }) => fix),
    causes: await startCauses(core, 'web'),
  });
  const trial = { method: 'POST', path: `${deviceRoot}/device-trials`, body: { address: nic, seconds: 120 } } as const;
  lab.report({ trial: await refusal(core.request(trial)), driver: driverOf(nic) });
  await core.end();
};

export default main;
