// Owns AppArmor keeping QEMU from a device that is the user's own by owner and mode: what the app makes of it, and what the kernel's log has.
// Must not judge what came of it; the test does.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { startCore } from '../../bench/core-process.ts';
import { awaitPhase, machinesPath, stopAndForget, verbPath } from '../../bench/machines.ts';
import { addressOf, handOver, permit, scanned, scanningMachine, takeBack } from '../inside/device-story.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';
import { saidOfRun } from '../inside/said-of-run.ts';

const profile = `profile lab-qemu /usr/bin/qemu-system-x86_64 flags=(attach_disconnected) {
  file,
  capability,
  network,
  signal,
  audit deny /dev/vfio/[0-9]* rw,
}
`;
const file = '/run/lab-qemu';

const main: LabProgramMain = async (lab) => {
  const { parser } = lab.input as { readonly parser: string };
  execFileSync('mount', ['-t', 'securityfs', 'securityfs', '/sys/kernel/security']);
  writeFileSync(file, profile);
  const core = await startCore();
  const nic = addressOf('nic');
  await permit(core, ['nic']);
  await core.request({ method: 'POST', path: machinesPath, body: scanningMachine('web', ['nic']) });
  await handOver(core, nic);

  execFileSync(parser, ['--replace', '--skip-cache', file]);
  await core.request({ method: 'PUT', path: verbPath('web', 'start') });
  const said = await saidOfRun(core, 'web', 'AppArmor');
  // The words that the fix looks for.
  const log = execFileSync('dmesg', { encoding: 'utf8' }).split('\n');
  lab.report({ said, log: log.find((line) => /apparmor/i.test(line) && line.includes('/dev/vfio/')) });

  execFileSync(parser, ['--remove', file]);
  await stopAndForget(core, 'web').catch(() => undefined);
  await core.request({ method: 'PUT', path: verbPath('web', 'start') });
  await awaitPhase(core, 'web', 'Succeeded');
  lab.report({ guest: (await scanned(core, 'web')).guest });
  await takeBack(core, nic);
  await core.end();
};

export default main;
