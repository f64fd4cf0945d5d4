// Owns launch plans of small machines for the suites that try the host with a real QEMU.
// Must not start them.
import { parse } from 'yaml';
import { launchDecision } from '../../electron/core/qemu/launch.ts';
import type { LaunchPlan } from '../../electron/core/qemu/launch-plan.ts';
import type { MachinePort } from '../../electron/engine/ports.ts';
import { type GoldenCase, instanceOf, launchFacts } from '../golden/golden-case.ts';

export interface SmallMachine {
  readonly machines: MachinePort;
  readonly pool: string;
  /** A raw disk image; without one the machine stays in its BIOS. */
  readonly image?: string;
  readonly writable?: boolean;
  readonly memory?: string;
  /** cloud-init's user data. */
  readonly userData?: string;
  /** What the BIOS says is seen on the serial port, too. */
  readonly biosOnSerial?: boolean;
}

export const ownerUid = 'host-test-owner';

/** As core would plan it on this QEMU, under emulation. */
export function smallPlan({
  machines,
  pool,
  image,
  writable = false,
  userData,
  memory = '256Mi',
  biosOnSerial = false,
}: SmallMachine): LaunchPlan {
  const root = {
    disk: { name: 'root', disk: { bus: 'virtio', readonly: !writable } },
    volume: { name: 'root', hostDisk: { path: image, type: 'Disk' } },
  };
  const seed = { disk: { name: 'seed', disk: { bus: 'virtio' } }, volume: { name: 'seed', cloudInitNoCloud: { userData } } };
  const both = [...(image === undefined ? [] : [root]), ...(userData === undefined ? [] : [seed])];
  const disks = both.map(({ disk }) => disk);
  const volumes = both.map(({ volume }) => volume);
  const vm = parse(
    JSON.stringify({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'small' },
      spec: {
        template: {
          spec: {
            domain: { memory: { guest: memory }, firmware: { bootloader: { bios: { useSerial: biosOnSerial } } }, devices: { disks } },
            volumes,
          },
        },
      },
    }),
  );
  const facts = image === undefined ? {} : { volumes: { root: { path: image, format: 'raw', writable } } };
  const golden: GoldenCase = { name: 'host', intent: '', host: 'qemu-7.2-x86_64', facts, vm };
  const vmi = instanceOf(golden);
  const { plan, causes } = launchDecision(vmi, launchFacts(golden, vmi, { ...machines.directories(vmi.metadata.uid, ownerUid), pool }));
  if (plan === undefined || causes.length > 0) throw new Error(JSON.stringify(causes));
  return plan;
}
