// Owns a preparation of the outer machine itself, by the product as root: applied, ended with kill -9 in the middle, undone. Its root is an overlay in memory.
// Must not judge what came of it; the test does.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PreparationChanges, PreparationPlan } from '../../../electron/api/preparation.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const root = '/apis/virtdeck.io/v1alpha1/preparation';
const files = {
  '/etc/default/grub': 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
  '/etc/initramfs-tools/modules': '# one a line\n',
};
/** They say what they were called with, and wait while somebody wants them to. */
const program = '#!/bin/sh\n# default/grub.d\necho "${0##*/} $*" >> /root/ran\nwhile [ -e /run/hang ]; do sleep 0.2; done\nexit 0\n';
const programs = ['/usr/sbin/update-grub', '/usr/sbin/grub-mkconfig', '/usr/sbin/update-initramfs'];
const watched = [
  ...Object.keys(files),
  '/etc/default/grub.d/60-virtdeck.cfg',
  '/etc/modprobe.d/vfio.conf',
  '/etc/modules-load.d/vfio-pci.conf',
];

const present = (): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(watched.map((file) => [file, existsSync(file) ? readFileSync(file, 'utf8') : undefined]));

function becomeDebian(): void {
  for (const folder of ['/etc/default/grub.d', '/etc/initramfs-tools', '/etc/modprobe.d', '/etc/modules-load.d', '/etc/udev/rules.d']) {
    mkdirSync(folder, { recursive: true });
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text);
  for (const file of programs) {
    writeFileSync(file, program);
    chmodSync(file, 0o755);
  }
  // What this computer did before is not the outer machine's.
  rmSync('/var/lib/virtdeck-helper', { recursive: true, force: true });
}

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
