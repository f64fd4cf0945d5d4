// Owns the proof that what a plan promises is what a guest finds: firmware, addresses, disks, seed, identity, sandbox.
// Must not use the engine; the plan is started as it is.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { planOf, serialUntil, startedPlan } from './planned-guest.ts';
import { tinyLinuxDisk } from './tiny-linux.ts';

/** What the guest tells of itself, one fact a line. */
const commands = [
  'echo "cpus=$(grep -c ^processor /proc/cpuinfo)"',
  'echo "uuid=$(cat /sys/class/dmi/id/product_uuid)"',
  'echo "serial=$(cat /sys/class/dmi/id/product_serial)"',
  // The driver of USB disks waits a second before it looks.
  'i=0; while [ ! -e /sys/block/sdb ] && [ $i -lt 100 ]; do sleep 0.2; i=$((i+1)); done',
  'for disk in vda sda sdb; do echo "$disk=$(cat /sys/block/$disk/size) ro=$(cat /sys/block/$disk/ro)"; done',
  'mount -t iso9660 /dev/sr0 /mnt && echo "seed=$(cat /mnt/meta-data)" && echo "user=$(cat /mnt/user-data)"',
  String.raw`printf '#!/bin/sh\n[ "$1" = bound ] && echo "dhcp=$ip/$mask router=$router dns=$dns hostname=$hostname"\n' > /tmp/lease; chmod +x /tmp/lease`,
  'ip link set eth0 up; udhcpc -i eth0 -n -q -s /tmp/lease 2>/dev/null',
  'for device in vda eth0; do echo "$device at $(readlink -f /sys/class/*/$device/device | grep -o "[0-9a-f:.]*/virtio[0-9]*$" | cut -d/ -f1)"; done',
  'for name in /sys/class/virtio-ports/*/name; do echo "channel=$(cat $name)"; done',
  'echo "rng=$(cat /sys/class/misc/hw_random/rng_current)"',
  'echo "screen=$(cat /sys/bus/pci/devices/0000:00:01.0/class)"',
  'echo FACTS-END',
];

function machine(firmware: string, image: string): VirtualMachine {
  return parse(`
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: {name: web}
spec:
  template:
    spec:
      hostname: frontend
      domain:
        cpu: {cores: 2}
        memory: {guest: 384Mi}
        firmware: ${firmware}
        features: {smm: {enabled: true}}
        devices:
          interfaces: [{name: default, masquerade: {}}]
          disks:
            - {name: root, disk: {bus: virtio, readonly: true}}
            - {name: seed, cdrom: {bus: sata}}
            - {name: data, disk: {bus: scsi}}
            - {name: stick, disk: {bus: usb}}
      networks: [{name: default, pod: {}}]
      volumes:
        - {name: root, hostDisk: {path: '${image}', type: Disk}}
        - {name: seed, cloudInitNoCloud: {userData: "#cloud-config"}}
        - {name: data, emptyDisk: {capacity: 64Mi}}
        - {name: stick, emptyDisk: {capacity: 32Mi}}
`);
}

const firmwares = [
  { name: 'BIOS', firmware: '{serial: S-1, bootloader: {bios: {}}}', marker: 'firmware=bios secureboot=no' },
  { name: 'UEFI', firmware: '{serial: S-1, bootloader: {efi: {secureBoot: false}}}', marker: 'firmware=uefi secureboot=no' },
  { name: 'Secure Boot', firmware: '{serial: S-1, bootloader: {efi: {}}}', marker: 'firmware=uefi secureboot=yes' },
];

test.for(firmwares)('a guest under $name finds what the plan says, in a sandbox', async ({ firmware, marker }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'plan-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const image = await tinyLinuxDisk({ commands });
  const plan = await planOf({ vm: machine(firmware, image), folder, image });
  await using running = await startedPlan(plan);
  await running.qmp.execute('cont');
  const text = await serialUntil(plan, /FACTS-END/);
  const sandbox = /^Seccomp:\s+(\d)/m.exec(await readFile(`/proc/${running.process.pid}/status`, 'utf8'))?.[1];
  await running.qmp.execute('system_powerdown');
  const ended = await running.ended;
  expect({ sandbox, ended, lines: factLines(text) }).toEqual({
    // SECCOMP_MODE_FILTER
    sandbox: '2',
    ended: { code: 0, signal: null },
    lines: [
      `TINY-LINUX-UP ${marker}`,
      'cpus=2',
      `uuid=${plan.uuid}`,
      'serial=S-1',
      expect.stringMatching(/^vda=\d+ ro=1$/),
      'sda=131072 ro=0',
      'sdb=65536 ro=0',
      `seed={"instance-id":"${plan.uuid}","local-hostname":"frontend"}`,
      'user=#cloud-config',
      'dhcp=10.0.2.2/24 router=10.0.2.1 dns=10.0.2.254 hostname=frontend',
      // The first network port is bus 1, so the card of a guest with predictable names is enp1s0; the first disk port is bus 5.
      'vda at 0000:05:00.0',
      'eth0 at 0000:01:00.0',
      'channel=org.qemu.guest_agent.0',
      expect.stringMatching(/^rng=virtio_rng/),
      'screen=0x030000',
      'FACTS-END',
    ],
  });
});

/** From the guest's marker on: what the firmware and the boot loader print is theirs. */
function factLines(text: string): readonly string[] {
  const lines = text.slice(text.indexOf('TINY-LINUX-UP')).split('\n');
  return lines.slice(0, lines.indexOf('FACTS-END') + 1).filter((line) => /^(TINY-LINUX-UP|FACTS-END|\w+=|\w+ at )/.test(line));
}
