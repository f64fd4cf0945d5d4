// Owns a preparation of the outer machine itself, by the product as root: applied, ended with kill -9 in the middle, undone. Its root is an overlay in memory.
// Must not judge what came of it; the test does.
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PreparationChanges, PreparationPlan } from '../../../electron/api/preparation.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { becomeDebian, debianFiles } from '../inside/debian-computer.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const root = '/apis/virtdeck.io/v1alpha1/preparation';
const watched = [
  ...Object.keys(debianFiles),
  '/etc/default/grub.d/60-virtdeck.cfg',
  '/etc/modprobe.d/vfio.conf',
  '/etc/modules-load.d/vfio-pci.conf',
];

const present = (): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(watched.map((file) => [file, existsSync(file) ? readFileSync(file, 'utf8') : undefined]));

/** Of the privileged program, or of one that it has started. */
function pidsOf(isMeant: (exe: string, line: string) => boolean): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return isMeant(readlinkSync(`/proc/${pid}/exe`), readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        return false;
      }
    });
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await delay(50);
}

const journal = (): readonly string[] =>
  readFileSync('/var/lib/virtdeck-helper/journal', 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly verb: string; readonly outcome: string })
    .map(({ verb, outcome }) => `${verb} ${outcome}`);

const main: LabProgramMain = async (lab) => {
  becomeDebian();
  const devices = '/sys/bus/pci/devices';
  const nic = readdirSync(devices).find((address) => readFileSync(path.join(devices, address, 'device'), 'utf8').trim() === '0x10d3') ?? '';
  const before = present();
  let core = await startCore();
  const plan = async (): Promise<PreparationPlan> => (await core.request({ path: `${root}?devices=${nic}` })) as PreparationPlan;
  const apply = async (): Promise<unknown> => {
    const { digest } = await plan();
    return await core.request({ method: 'POST', path: root, body: { devices: [nic], digest } });
  };
  const first = await plan();
  lab.report({ system: first.system, causes: first.causes, steps: first.steps.map(({ id }) => id) });

  await apply();
  lab.report({
    files: present(),
    ran: readFileSync('/root/ran', 'utf8').trim().split('\n'),
    left: (await plan()).steps.map(({ id }) => id),
  });
  const undone = (await core.request({ method: 'DELETE', path: `${root}/changes` })) as PreparationChanges;
  lab.report({ undone: undone.items, same: JSON.stringify(present()) === JSON.stringify(before), journal: journal() });

  // The privileged program is killed while it waits for update-initramfs: files are written, and nothing has read them.
  writeFileSync('/run/hang', '');
  const failed = apply().then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const helpers = (): readonly number[] => pidsOf((exe) => path.basename(exe).startsWith('virtdeck-helper'));
  const hanging = (): readonly number[] => pidsOf((_exe, line) => line.includes('update-initramfs'));
  await until(() => helpers().length > 0 && hanging().length > 0);
  for (const pid of helpers()) process.kill(pid, 'SIGKILL');
  rmSync('/run/hang');
  await until(() => hanging().length === 0);
  lab.report({ failed: await failed, pending: (await plan()).steps.map(({ id }) => id), last: journal().at(-1) });

  // And the app, in the middle of the next try: another one finds everything in the record.
  writeFileSync('/run/hang', '');
  apply().catch(() => undefined);
  await until(() => hanging().length > 0);
  const folder = core.dataDir.replace(/\/data$/, '');
  await core.end('SIGKILL');
  rmSync('/run/hang');
  await until(() => helpers().length === 0);
  core = await reborn(folder);
  lab.report({ pending: (await plan()).steps.map(({ id }) => id) });
  await core.request({ method: 'DELETE', path: `${root}/changes` });
  const { items } = (await core.request({ path: `${root}/changes` })) as PreparationChanges;
  lab.report({
    items,
    same: JSON.stringify(present()) === JSON.stringify(before),
    script: existsSync('/var/lib/virtdeck-helper/rescue.sh'),
  });
  await core.end();
};

async function reborn(folder: string): Promise<CoreProcess> {
  return await startCore({ folder });
}

export default main;
