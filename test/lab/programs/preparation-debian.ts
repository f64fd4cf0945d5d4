// Owns a preparation of a real Debian by the product as root, and its undoing: with Debian's own update-initramfs and update-grub, on Debian's own disk.
// Must not judge what came of it; the test does, and starts that Debian afterwards.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PreparationChanges, PreparationPlan } from '../../../electron/api/preparation.ts';
import { startCore } from '../../bench/core-process.ts';
import { addressOf } from '../inside/device-story.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const root = '/apis/virtdeck.io/v1alpha1/preparation';
const unit = '/etc/systemd/system/lab-boot.service';

/** A start says on the serial line how it went, as soon as drivers have their devices. */
function installReport(): void {
  const script = `for device in /sys/bus/pci/devices/*; do
  [ "$(cat $device/vendor):$(cat $device/device)" = 0x8086:0x10d3 ] && driver=$(basename "$(readlink $device/driver)")
done
echo "LAB-BOOT driver=$driver line=$(cat /proc/cmdline) LAB-END" > /dev/ttyS0
`;
  const wants = ['Wants=systemd-udev-settle.service', 'After=systemd-udev-settle.service systemd-modules-load.service'];
  const service = ['[Unit]', 'DefaultDependencies=no', ...wants, '[Service]', 'Type=oneshot', 'ExecStart=/bin/sh /usr/local/sbin/lab-boot'];
  writeFileSync('/usr/local/sbin/lab-boot', script);
  writeFileSync(unit, `${service.join('\n')}\n`);
  mkdirSync('/etc/systemd/system/sysinit.target.wants', { recursive: true });
  symlinkSync(unit, '/etc/systemd/system/sysinit.target.wants/lab-boot.service');
}

/** What an emulated computer needs to be quick and, on a loaded one, not to take a late timer for a broken one. */
function adaptToEmulation(): void {
  writeFileSync('/etc/initramfs-tools/conf.d/lab', 'COMPRESSLEVEL=1\n');
  writeFileSync('/etc/default/grub.d/30-lab.cfg', 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX no_timer_check mitigations=off"\n');
}

const release = (): string => readdirSync('/lib/modules')[0] ?? '';

/** What the kernel is told of the IOMMU by the menu that GRUB reads; and what is in the first file system for vfio-pci. */
function startFiles(): object {
  const lines = readFileSync('/boot/grub/grub.cfg', 'utf8').split('\n');
  const kernels = lines.filter((line) => /^\s*linux\s/.test(line));
  const folder = mkdtempSync('/tmp/initrd-');
  execFileSync('unmkinitramfs', [`/boot/initrd.img-${release()}`, folder]);
  const at = existsSync(path.join(folder, 'main')) ? path.join(folder, 'main') : folder;
  const text = (file: string): string => (existsSync(path.join(at, file)) ? readFileSync(path.join(at, file), 'utf8') : '');
  return {
    told: [...new Set(kernels.map((line) => / (intel_iommu\S*)/.exec(line)?.[1] ?? 'nothing'))],
    options: text('etc/modprobe.d/vfio.conf'),
    loaded: text('conf/modules').match(/^vfio\S*/gm) ?? [],
    driver: existsSync(path.join(at, `lib/modules/${release()}/kernel/drivers/vfio/pci/vfio-pci.ko`)),
  };
}

const main: LabProgramMain = async (lab) => {
  const { verb } = lab.input as { readonly verb: 'prepare' | 'undo' };
  if (verb === 'prepare') {
    installReport();
    adaptToEmulation();
  }
  const core = await startCore();
  const nic = addressOf('nic');
  const plan = async (): Promise<PreparationPlan> => (await core.request({ path: `${root}?devices=${nic}` })) as PreparationPlan;
  const changes = async (): Promise<PreparationChanges> => (await core.request({ path: `${root}/changes` })) as PreparationChanges;
  if (verb === 'prepare') {
    const { system, steps, causes, digest } = await plan();
    lab.report({ system, causes, steps: steps.map(({ id }) => id), why: steps[0]?.why });
    await core.request({ method: 'POST', path: root, body: { devices: [nic], digest } });
    lab.report({ left: (await plan()).steps.map(({ id }) => id), files: startFiles() });
  } else {
    const { items } = await changes();
    lab.report({ found: items.map((change) => `${'path' in change ? change.path : change.argument} ${change.state}`) });
    await core.request({ method: 'DELETE', path: `${root}/changes` });
    lab.report({ left: (await changes()).items, files: startFiles() });
  }
  await core.end();
  // The outer machine is switched off without a word, and GRUB reads no journal.
  execFileSync('fsfreeze', ['--freeze', '/']);
};

export default main;
