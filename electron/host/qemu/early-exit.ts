// Owns turning QEMU's last words into a cause with a field and a fix: one row for each text that we know.
// Must not start QEMU. Texts are those of QEMU 7.2 to 10; an unknown text is passed on as it is.
import { AppError } from '../../api/errors.ts';
import type { Cause } from '../../api/errors.ts';
import { knownCause, type KnownText } from './known-text.ts';
import { vfioTexts } from './vfio-texts.ts';
import type { Argument } from '../../core/qemu/launch-plan.ts';

/** Put the specific before the general. */
const knownTexts: readonly KnownText[] = [
  ...vfioTexts,
  {
    reason: 'DiskInUse',
    pattern: /Failed to get (?:"(?:write|consistent read)"|shared "[^"]+") lock[\s\S]*?(?:using the image(?: \[([^\]]+)\])?|$)/,
    message: ([, file]) => `The disk image${file === undefined ? '' : ` ${file}`} is in use by another process.`,
    fix: 'Stop the machine or program that uses it, then start again.',
  },
  {
    reason: 'DiskHasBackingFile',
    pattern: /Could not open backing file: (.*)/,
    message: ([, text]) => `The disk image builds on another image that cannot be opened: ${text}.`,
    fix: 'Import the image again, so that it is whole in itself.',
  },
  {
    reason: 'DiskDamaged',
    pattern: /Image is not in (\S+) format|(Image is corrupt)/,
    message: ([, format]) => (format === undefined ? 'The disk image is damaged.' : `The disk image is not in the format ${format}.`),
    fix: 'Restore it from a copy or import it again; qemu-img check says what is wrong.',
  },
  {
    reason: 'KvmDenied',
    pattern: /Could not access KVM kernel module: Permission denied|failed to initialize kvm: Permission denied/,
    message: () => 'This user may not use /dev/kvm.',
    fix: 'Add the user to the group kvm (sudo adduser $USER kvm) and log in again, or choose emulation in the settings.',
  },
  {
    reason: 'KvmAbsent',
    pattern: /Could not access KVM kernel module|failed to initialize kvm|invalid accelerator kvm/,
    message: () => 'KVM is not available on this computer.',
    fix: 'Switch on virtualization in the firmware setup of the computer, or choose emulation in the settings.',
  },
  {
    reason: 'CpuModelNeedsKvm',
    pattern: /CPU model '([^']+)' requires KVM/,
    message: ([, model]) => `The CPU model ${model} needs KVM, and this machine is emulated.`,
    fix: 'Choose a named CPU model, or leave the model out.',
  },
  {
    reason: 'CpuModelUnknown',
    pattern: /unable to find CPU model '([^']+)'/,
    message: ([, model]) => `This QEMU does not know the CPU model ${model}.`,
    fix: 'Choose a model of the list that the computer page shows.',
  },
  {
    reason: 'CpuFeaturesMissing',
    pattern: /(?:Host|TCG) doesn't support requested features/,
    message: ({ input }) => `This computer cannot give the CPU features ${missingFeatures(input).join(', ')}.`,
    fix: 'Choose an older CPU model, or take these features out.',
  },
  {
    reason: 'PortTaken',
    pattern: /Could not set up host forwarding rule '([^']+)'/,
    message: ([, rule]) => `The port forward ${rule} cannot be set up: the port is taken or not allowed for this user.`,
    fix: 'Choose another port of this computer, above 1023.',
  },
  {
    reason: 'HugePagesShort',
    pattern: /unable to map backing store for guest RAM|Insufficient free host memory pages/,
    message: () => 'There are not enough free huge pages for the memory of the machine.',
    fix: 'Free huge pages by stopping other machines, enlarge the pool, or use ordinary pages.',
  },
  {
    reason: 'MemoryShort',
    pattern: /cannot set up guest memory|Cannot allocate memory/,
    message: () => 'There is not enough memory for the machine.',
    fix: 'Give it less memory or stop other machines.',
  },
  {
    reason: 'DiskFull',
    pattern: /No space left on device/,
    message: () => 'The file system of the machine is full.',
    fix: 'Free space and start again.',
  },
  {
    reason: 'ModuleMissing',
    pattern: /module (\S+) not found, do you want to install (\S+) package|module is not installed: (\S+)/,
    message: ([, module, , other]) => `QEMU's module ${module ?? other} is not installed.`,
    fix: 'Install the package that contains it (on Debian qemu-system-gui or qemu-block-extra).',
  },
  {
    reason: 'DeviceUnknown',
    pattern: /'([^']+)' is not a valid device model name/,
    message: ([, model]) => `This QEMU has no device ${model}.`,
    fix: 'Choose another model, or install the QEMU package that contains it.',
  },
  {
    reason: 'FirmwareMissing',
    pattern: /could not load PC BIOS '([^']+)'|failed to find romfile "([^"]+)"/,
    message: ([, bios, rom]) => `The firmware file ${bios ?? rom} is not installed.`,
    fix: 'Install the packages seabios and ipxe-qemu.',
  },
  {
    reason: 'BridgeNotAllowed',
    pattern: /failed to parse default acl file|access denied by acl file|bridge helper failed/,
    message: () => 'QEMU may not use this bridge.',
    fix: 'Allow it with a line "allow BRIDGE" in /etc/qemu/bridge.conf, and make qemu-bridge-helper setuid root for ordinary users.',
  },
  {
    reason: 'TapDenied',
    pattern: /could not configure \/dev\/net\/tun.*|could not open \/dev\/net\/tun.*/,
    message: () => 'This user may not make network interfaces for machines.',
    fix: 'Use the user network, or let an administrator prepare the interface.',
  },
  {
    reason: 'TpmStateUnreadable',
    pattern: /tpm-emulator: TPM result for CMD_INIT/,
    message: () => 'The kept state of the TPM cannot be read: it was encrypted with another passphrase, or without one.',
    fix: 'Give the Secret back that it was made with (annotation virtdeck.io/tpm-secret), or take the annotation away if it had none.',
  },
  {
    reason: 'MachineUnknown',
    pattern: /unsupported machine type/,
    message: () => 'This QEMU does not know the machine type.',
    fix: 'Choose q35, or a version of it that this QEMU offers.',
  },
  {
    reason: 'FileDenied',
    pattern: /Could not open '([^']+)': Permission denied/,
    message: ([, file]) => `This user may not open ${file}.`,
    fix: 'Change the owner or the mode of the file, or move it into the data folder.',
  },
  {
    reason: 'FileMissing',
    pattern: /(?:Could not open|could not open kernel file) '([^']+)': No such file or directory/,
    message: ([, file]) => `The file ${file} is not there.`,
    fix: 'Bring it back or take the disk out of the machine.',
  },
];

/** `args` lets a text that begins with an option of ours be traced to the field that the option came from. */
export function earlyExitError(
  stderr: string,
  ending: { readonly code: number | null; readonly signal: string | null },
  args: readonly Argument[],
): AppError {
  const cause = earlyExitCause(stderr, ending, args);
  return new AppError('QemuExitedEarly', `QEMU ended before the machine could run: ${cause.message}`, { causes: [cause], cause: stderr });
}

function earlyExitCause(
  stderr: string,
  ending: { readonly code: number | null; readonly signal: string | null },
  args: readonly Argument[],
): Cause {
  const field = args.find(({ flag, value, field: from }) => from !== undefined && stderr.includes(optionText(flag, value)))?.field ?? '';
  return { field, ...(knownCause(knownTexts, stderr) ?? { reason: 'QemuExitedEarly', message: lastWords(stderr) ?? endingText(ending) }) };
}

/** QEMU begins an error with the option that it is about, as it was given. */
function optionText(flag: string, value: Argument['value']): string {
  const text = value === undefined ? '' : ` ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  return `${flag}${text}: `;
}

function missingFeatures(stderr: string): readonly string[] {
  return [...stderr.matchAll(/requested feature: CPUID\S*\.([\w-]+) \[bit/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** The last line that is no warning, without the program's name and without the option that the user did not write. */
function lastWords(stderr: string): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/^\S+: warning: /.test(line));
  const text = lines.at(-1)?.replace(/^\S*qemu\S*: (?:-[\w-]+ (?:\{.*\}|\S+): )?/, '');
  if (text === undefined) return undefined;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function endingText({ code, signal }: { readonly code: number | null; readonly signal: string | null }): string {
  return signal === null ? `it gave no reason (exit code ${code}).` : `it was ended by ${signal} and gave no reason.`;
}
