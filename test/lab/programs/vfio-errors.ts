// Owns every way in which QEMU or the kernel refuses a device, brought about for real, and what the product makes of the words.
// Must not judge it; the test does.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { earlyExitError } from '../../../electron/host/qemu/early-exit.ts';
import { addressOf, driverOf } from '../inside/device-story.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const devices = '/sys/bus/pci/devices';
const user = 4242;

function giveToVfio(address: string): void {
  const driver = driverOf(address);
  writeFileSync(`${devices}/${address}/driver_override`, 'vfio-pci');
  if (driver !== undefined) writeFileSync(`/sys/bus/pci/drivers/${driver}/unbind`, address);
  writeFileSync('/sys/bus/pci/drivers_probe', address);
}

const groupFile = (address: string): string => `/dev/vfio/${path.basename(readlinkSync(`${devices}/${address}/iommu_group`))}`;

interface Trying {
  readonly host: string;
  /** In front of QEMU: as whom, and with how much locked memory. */
  readonly by?: readonly string[];
  readonly screen?: string;
}

function qemu({ host, by = [], screen }: Trying): { readonly command: readonly string[]; readonly device: object } {
  const device = { driver: 'vfio-pci', id: 'host-nic', host };
  const machine = ['-nodefaults', '-display', 'none', '-machine', 'q35', '-accel', 'tcg', '-m', '64', '-no-reboot'];
  const screens = screen === undefined ? ['-S'] : ['-device', screen];
  return { command: [...by, 'qemu-system-x86_64', ...machine, ...screens, '-device', JSON.stringify(device)], device };
}

function told(trying: Trying): {
  readonly reason: string | undefined;
  readonly field: string | undefined;
  readonly message: string | undefined;
} {
  const { command, device } = qemu(trying);
  const [program = '', ...args] = command;
  const { status, signal, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
  const args2 = [{ flag: '-device', value: device as never, field: 'spec.domain.devices.hostDevices[0]' }] as const;
  const [cause] = earlyExitError(stderr, { code: status, signal }, args2).causes;
  return { reason: cause?.reason, field: cause?.field, message: cause?.message ?? stderr };
}

const main: LabProgramMain = async (lab) => {
  const [nic, edu] = [addressOf('nic'), addressOf('edu')];
  const asUser = ['setpriv', `--reuid=${user}`, '--clear-groups'];
  const locking = (bytes: number): readonly string[] => ['prlimit', `--memlock=${bytes}`, ...asUser];
  lab.report({ notBound: told({ host: nic }) });
  lab.report({ missing: told({ host: '0000:0a:00.0' }) });

  spawnSync('modprobe', ['vfio-pci']);
  // Behind the bridge: its neighbour stays with e1000.
  giveToVfio(edu);
  lab.report({ notViable: told({ host: edu }) });

  giveToVfio(nic);
  const file = groupFile(nic);
  lab.report({ denied: told({ host: nic, by: asUser }) });
  chownSync(file, user, user);
  lab.report({ lockShort: told({ host: nic, by: locking(65_536) }) });
  // Enough for the memory of the guest, and not for that of its screen, which the firmware maps seconds later.
  lab.report({ screenShort: told({ host: nic, by: locking(66 * 1024 ** 2), screen: 'VGA,vgamem_mb=16' }) });

  const { command } = qemu({ host: nic });
  const [program = '', ...args] = command;
  const holder = spawn(program, args, { stdio: 'ignore' });
  const holds = (): boolean => {
    try {
      return readdirSync(`/proc/${holder.pid}/fd`).some((fd) => readlinkSync(`/proc/${holder.pid}/fd/${fd}`) === file);
    } catch {
      return false;
    }
  };
  while (!holds() && holder.exitCode === null) await new Promise((resolve) => void setTimeout(resolve, 50));
  lab.report({ inUse: told({ host: nic }) });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  lab.report({ overrides: [nic, edu].map((address) => readFileSync(`${devices}/${address}/driver_override`, 'utf8').trim()) });
};

export default main;
