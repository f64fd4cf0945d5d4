// Owns the proof of Secure Boot on guests that boot from disk: what is signed boots, what is not is refused, and the firmware's
// variables are kept from the guest and over restarts. Never with -kernel, which Secure Boot does not look at.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import type { LaunchPlan } from '../../electron/core/qemu/launch-plan.ts';
import type { CaseFacts } from '../golden/golden-case.ts';
import { planOf, serialUntil, startedPlan } from './planned-guest.ts';
import { tinyLinuxDisk, type TinyLinuxOptions } from './tiny-linux.ts';
import { storedText, tpmLines } from './tpm-commands.ts';

const efivars = '/sys/firmware/efi/efivars';
const globalGuid = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
const note = `${efivars}/VirtdeckNote-5ea1ab1e-0000-4000-8000-000000000001`;
/** In the unused end of the variables (0x40000 bytes from the start of the flash), which is mapped below 4 GiB. */
const flashByte = '0xFFC3FFF0';

/** Four bytes of attributes, then the value. */
const byteOf = (name: string): string => `$(tail -c 1 ${efivars}/${name}-${globalGuid} 2>/dev/null | od -An -t x1 | tr -d ' ')`;

const commands = [
  'mount -t securityfs securityfs /sys/kernel/security',
  `setup=${byteOf('SetupMode')}`,
  `echo "SecureBoot=${byteOf('SecureBoot')} SetupMode=$setup"`,
  'echo "lockdown=$(cat /sys/kernel/security/lockdown)"',
  `echo "note-before=$(tail -c +5 ${note} 2>/dev/null)"`,
  // Kept, seen while booting and while running; then the value. efivarfs wants it in one write.
  String.raw`printf '\007\000\000\000kept' > ${note}`,
  `echo "note-after=$(tail -c +5 ${note})"`,
  // Past the firmware: the commands of the flash chip that program one byte. Only where the kernel lets us, and no key is at stake.
  `if [ "$setup" = 01 ]; then echo "flash-before=$(devmem ${flashByte} 8)"; for word in 0x40 0x5A 0xFF; do devmem ${flashByte} 8 $word; done; echo "flash-after=$(devmem ${flashByte} 8)"; fi`,
  `if [ -e /dev/tpm0 ]; then ${tpmLines.join('; ')}; fi`,
  'echo FACTS-END',
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sb-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Firmware {
  readonly efi: string;
  readonly annotations?: string;
  readonly devices?: string;
}

const on: Firmware = { efi: '{}' };
const off: Firmware = { efi: '{secureBoot: false}' };
const setupMode: Firmware = { efi: '{}', annotations: 'virtdeck.io/secure-boot-keys: own' };
const withTpm: Firmware = { efi: '{}', annotations: 'virtdeck.io/tpm-secret: seal', devices: 'tpm: {persistent: true},' };

async function planned(
  name: string,
  firmware: Firmware,
  options: TinyLinuxOptions = {},
): Promise<{ readonly plan: LaunchPlan; readonly machine: string }> {
  const image = await tinyLinuxDisk({ ...options, commands });
  const vm: VirtualMachine = parse(`
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: {name: secure, annotations: {${firmware.annotations ?? ''}}}
spec:
  template:
    spec:
      domain:
        memory: {guest: 512Mi}
        firmware: {bootloader: {efi: ${firmware.efi}}}
        features: {smm: {enabled: true}}
        devices: {${firmware.devices ?? ''} disks: [{name: root, disk: {bus: virtio, readonly: true}}]}
      volumes: [{name: root, hostDisk: {path: '${image}', type: Disk}}]
`);
  const facts: CaseFacts = { secrets: { seal: { passphrase: 'correct horse battery staple' } } };
  const machine = path.join(folder, name);
  return { plan: await planOf({ vm, folder: machine, image, facts }), machine };
}

/** What the guest and the firmware said up to the verdict. */
async function said(plan: LaunchPlan, verdict: RegExp): Promise<string> {
  await rm(plan.serialLog ?? '', { force: true });
  await using running = await startedPlan(plan);
  await running.qmp.execute('cont');
  const text = await serialUntil(plan, verdict);
  if (!text.includes('FACTS-END')) return text;
  await running.qmp.execute('system_powerdown');
  await running.ended;
  return text;
}

function factsIn(text: string): Readonly<Record<string, string>> {
  const lines = text.slice(text.indexOf('TINY-LINUX-UP')).split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => [...line.matchAll(/^([\w-]+)=(.*)$/g)].map(([, name = '', value = '']) => [name, value])),
  );
}

const success = '00000000';
/** A refused guest never ends, and shim's text ends in no newline: bytes decide. Whichever comes first. */
const booted = /FACTS-END/;
const refused = /bad shim signature|Security Violation|Access Denied/;
const either = new RegExp(`${booted.source}|${refused.source}`);

test('signed, it boots with Secure Boot on; a variable and the TPM are kept over a restart', async () => {
  const first = await planned('signed', withTpm);
  const text = await said(first.plan, either);
  expect(text).toContain('TINY-LINUX-UP firmware=uefi secureboot=yes');
  expect(factsIn(text)).toMatchObject({
    SecureBoot: '01 SetupMode=00',
    lockdown: expect.stringMatching(/\[(integrity|confidentiality)\]/),
    'note-before': '',
    'note-after': 'kept',
    tpm: expect.stringMatching(/^2 pcr0=(?!0{64})[0-9A-F]{64}$/),
    // TPM_RC_HANDLE of the second handle: there is nothing yet.
    'tpm-before': '0000028b ',
    'tpm-after': `${success} ${storedText}`,
  });
  const state = await readFile(path.join(first.machine, 'state/tpm/tpm2-00.permall'), 'latin1');
  expect(state).not.toContain(storedText);
  await rm(path.join(first.machine, 'run'), { recursive: true });

  const second = factsIn(await said((await planned('signed', withTpm)).plan, either));
  expect(second).toMatchObject({ SecureBoot: '01 SetupMode=00', 'note-before': 'kept', 'tpm-before': `${success} ${storedText}` });
  expect((await readdir(path.join(first.machine, 'state'))).filter((name) => name.startsWith('nvram-'))).toHaveLength(1);
});

test.each([
  { unsigned: 'kernel', words: 'bad shim signature' },
  { unsigned: 'grub', words: 'Security Violation' },
  { unsigned: 'loader', words: 'Access Denied' },
] as const)('an unsigned $unsigned is refused, and boots when Secure Boot is off', async ({ unsigned, words }) => {
  const strict = await said((await planned(`on-${unsigned}`, on, { unsigned })).plan, either);
  expect(strict).toContain(words);
  expect(strict).not.toContain('TINY-LINUX-UP');
  const lax = await said((await planned(`off-${unsigned}`, off, { unsigned })).plan, either);
  expect(lax).toContain('TINY-LINUX-UP firmware=uefi secureboot=no');
  expect(lax).not.toMatch(refused);
});

test('the signed disk boots with Secure Boot off, too', async () => {
  const text = await said((await planned('off-signed', off)).plan, either);
  expect(text).toContain('TINY-LINUX-UP firmware=uefi secureboot=no');
  expect(factsIn(text)).toMatchObject({ lockdown: expect.stringContaining('[none]'), 'note-after': 'kept' });
});

test('setup mode verifies nothing, and its flash cannot be written by the guest', async () => {
  const { plan, machine } = await planned('setup', setupMode, { unsigned: 'loader' });
  const text = await said(plan, either);
  const guarded = factsIn(text);
  expect(guarded).toMatchObject({ SecureBoot: '00 SetupMode=01', 'note-after': 'kept', 'flash-before': '0xFF', 'flash-after': '0xFF' });
  await rm(path.join(machine, 'run'), { recursive: true });
  onTestFinished(() => rm(machine, { recursive: true }));

  // The same machine without the flag: the attempt works, so the test above can fail.
  const bare = { ...plan, args: plan.args.filter(({ value }) => value !== 'driver=cfi.pflash01,property=secure,value=on') };
  expect(bare.args).toHaveLength(plan.args.length - 1);
  const again = await planned('setup', setupMode, { unsigned: 'loader' });
  expect(again.plan.args).toEqual(plan.args);
  expect(factsIn(await said(bare, either))).toMatchObject({ 'flash-before': '0xFF', 'flash-after': '0x5A' });
});
