// Owns manifests of small machines on networks, for the suites that start them.
// Must not start them.
import { expect, vi } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import type { CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, verbPath } from '../bench/machines.ts';
import type { BootFirmware } from '../../electron/core/network/network-boot.ts';

const bootloaders: Readonly<Record<BootFirmware, object>> = {
  bios: { bootloader: { bios: {} } },
  uefi: { bootloader: { efi: { secureBoot: false } } },
  secureBoot: { bootloader: { efi: {} } },
};

export interface NetworkMachine {
  readonly name: string;
  readonly firmware: BootFirmware;
  readonly interfaces: readonly object[];
  readonly networks: readonly object[];
  readonly networkBoot?: object;
  /** Path of an image, first in nothing: it has bootOrder 2. */
  readonly disk?: string;
  readonly memory?: string;
  /** What the BIOS and iPXE write to the screen is on the serial port, too. */
  readonly serialBios?: boolean;
}

export function networkMachine({
  name,
  firmware,
  interfaces,
  networks,
  networkBoot,
  disk,
  memory = '512Mi',
  serialBios = false,
}: NetworkMachine): object {
  const boot = networkBoot === undefined ? {} : { annotations: { [annotations.networkBoot]: JSON.stringify(networkBoot) } };
  const disks = disk === undefined ? [] : [{ name: 'containerdisk', disk: { bus: 'virtio' }, bootOrder: 2 }];
  const volumes = disk === undefined ? [] : [{ name: 'containerdisk', hostDisk: { path: disk, type: 'Disk' } }];
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Manual',
      template: {
        metadata: boot,
        spec: {
          terminationGracePeriodSeconds: 0,
          domain: {
            memory: { guest: memory },
            features: { smm: { enabled: firmware === 'secureBoot' } },
            firmware: serialBios ? { bootloader: { bios: { useSerial: true } } } : bootloaders[firmware],
            devices: { disks, interfaces },
          },
          networks,
          volumes,
        },
      },
    },
  };
}

export async function startMachine(core: CoreProcess, machine: NetworkMachine): Promise<void> {
  await core.request({ method: 'POST', path: machinesPath, body: networkMachine(machine) });
  const running = awaitPhase(core, machine.name, 'Running');
  // When the start is refused, its words matter, not the watch that is given up.
  running.catch(() => undefined);
  await core.request({ method: 'PUT', path: verbPath(machine.name, 'start'), body: {} });
  await running;
}

export async function removeMachines(core: CoreProcess): Promise<void> {
  await core.request({ method: 'DELETE', path: machinesPath, body: { gracePeriodSeconds: 0 } });
  // Looked at again and again: a run that ended before may be gone before a watch of it begins.
  const left = async (): Promise<number> => ((await core.request({ path: instancesPath })) as { items: readonly unknown[] }).items.length;
  await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 120_000, interval: 250 });
}
