// Owns a preparation of a real Debian by the product as root: with Debian's own update-initramfs and update-grub, on Debian's own disk.
// Must not judge what came of it; the test does.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PreparationPlan } from '../../../electron/api/preparation.ts';
import { startCore } from '../../bench/core-process.ts';
import { addressOf } from '../inside/device-story.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const root = '/apis/virtdeck.io/v1alpha1/preparation';

const release = (): string => readdirSync('/lib/modules')[0] ?? '';

/** What the kernel is started with, by the menu that GRUB reads; and what is in the first file system for vfio-pci. */
function startFiles(): object {
  const lines = readFileSync('/boot/grub/grub.cfg', 'utf8').split('\n');
  const kernels = lines.filter((line) => /^\s*linux\s/.test(line));
  const folder = mkdtempSync('/tmp/initrd-');
  execFileSync('unmkinitramfs', [`/boot/initrd.img-${release()}`, folder]);
  const at = existsSync(path.join(folder, 'main')) ? path.join(folder, 'main') : folder;
  const text = (file: string): string => (existsSync(path.join(at, file)) ? readFileSync(path.join(at, file), 'utf8') : '');
  return {
    told: kernels.length > 0 && kernels.every((line) => / intel_iommu=on( |$)/.test(line)),
    options: text('etc/modprobe.d/vfio.conf'),
    loaded: text('conf/modules').match(/^vfio\S*/gm) ?? [],
    driver: existsSync(path.join(at, `lib/modules/${release()}/kernel/drivers/vfio/pci/vfio-pci.ko`)),
  };
}

const main: LabProgramMain = async (lab) => {
  const core = await startCore();
  const nic = addressOf('nic');
  const plan = async (): Promise<PreparationPlan> => (await core.request({ path: `${root}?devices=${nic}` })) as PreparationPlan;
  const { system, steps, causes, digest } = await plan();
  lab.report({ system, causes, steps: steps.map(({ id }) => id), why: steps[0]?.why });
  await core.request({ method: 'POST', path: root, body: { devices: [nic], digest } });
  lab.report({ left: (await plan()).steps.map(({ id }) => id), files: startFiles() });
  await core.end();
};

export default main;
