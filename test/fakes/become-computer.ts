// Owns making the pretended computer one of computers.ts: its processor, its devices, and what its start says.
// Must not start a core.
import { join } from 'node:path';
import { createHostDevices } from '../../electron/host/devices/host-devices.ts';
import { type ComputerName, computers } from './computers.ts';
import { writeDeviceTree } from './device-tree.ts';
import type { FakeHost } from './fake-host.ts';
import { plainPreparation } from './fake-preparation.ts';
import { workstation } from './fake-topologies.ts';

/** `folder` goes with the core. */
export async function becomeComputer({ computer, world }: FakeHost, folder: string, name: ComputerName): Promise<void> {
  computer.become({ topology: workstation });
  const root = join(folder, 'root');
  writeDeviceTree(root, computers[name]);
  world.hostDevices = await createHostDevices(root).facts();
  const { units } = world.hostDevices.iommu;
  // Somebody typed the word at the boot menu: it is in no file yet.
  const cmdline = units.length === 0 ? plainPreparation.cmdline : `${plainPreparation.cmdline} intel_iommu=on`;
  world.preparation = { ...plainPreparation, cmdline, iommuInUse: units.length > 0 };
}
