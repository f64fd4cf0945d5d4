// Owns the proof that the Debian system built here is one: it boots from its disk alone by BIOS and UEFI, takes its hostname and
// its user from cloud-init, grows to its disk, logs in over the serial console and answers the guest agent.
// Must not use the engine or host/qemu.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeIso } from '../../electron/host/iso-image.ts';
import { debianImage } from './debian-image.ts';
import { rawQemu, type RawQemuOptions } from './images-raw-qemu.ts';

let folder: string;
let disk: string;
let seed: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'virtdeck-debian-'));
  disk = await debianImage();
  seed = path.join(folder, 'seed.iso');
  const userData = [
    '#cloud-config',
    'hostname: proof',
    'user: { name: ada, lock_passwd: false, plain_text_passwd: lovelace, sudo: "ALL=(ALL) NOPASSWD:ALL", shell: /bin/bash }',
    '',
  ].join('\n');
  await writeIso(seed, { label: 'CIDATA', files: { 'meta-data': 'instance-id: proof-1\n', 'user-data': userData } });
});

afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Two boots' worth of patience: cloud-init is slow without hardware acceleration, and other tests run beside this one. */
const timeout = { timeout: 900_000 };

const cases: readonly { firmware: RawQemuOptions['firmware']; efi: string }[] = [
  { firmware: 'bios', efi: 'bios' },
  { firmware: 'uefi', efi: 'efi' },
];

test.for(cases)('Debian boots by $firmware from its disk, obeys its seed and answers', timeout, async ({ firmware, efi }) => {
  await using machine = await rawQemu({
    firmware,
    memoryMiB: 1024,
    args: [
      '-drive',
      `if=virtio,format=raw,snapshot=on,file=${disk}`,
      '-drive',
      `if=virtio,format=raw,readonly=on,file=${seed}`,
      '-nic',
      'user,model=virtio-net-pci',
    ],
  });
  await machine.waitFor(/proof login: /, 600_000);
  machine.forget();
  machine.type('ada\n');
  await machine.waitFor(/Password: /, 60_000);
  machine.type('lovelace\n');
  await machine.waitFor(/ada@proof:~\$ /, 60_000);
  machine.forget();
  // Quotes and arithmetic keep the echo of the command apart from its answer.
  machine.type(
    '[ -d /sys/firmware/efi ] && f=efi || f=bios; echo "f""irmware=$f size=$(( $(df --output=size -BG / | tail -n 1 | tr -dc 0-9) ))"\n',
  );
  const [, firmwareSeen, sizeGiB] = await machine.waitFor(/firmware=(\w+) size=(\d+)\r/, 60_000);
  // Waits for the end of the boot, cloud-init's last stage included; "degraded" would mean that a unit failed.
  machine.type('state=$(sudo systemctl is-system-running --wait); echo "sta""te=$state"\n');
  const [, state] = await machine.waitFor(/state=(\w+)\r/, 300_000);
  const ping = await machine.agent('guest-ping', 60_000);
  await machine.qmp('system_powerdown');
  const code = await machine.exited;
  expect({ firmwareSeen, grown: Number(sizeGiB) >= 7, state, ping, code }).toEqual({
    firmwareSeen: efi,
    grown: true,
    state: 'running',
    ping: { return: {} },
    code: 0,
  });
});
