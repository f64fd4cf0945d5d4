// Owns the recording of a golden host: `node test/golden/record.ts [BINARY] [--firmware]` asks a real QEMU and writes hosts/NAME.json.
// Must not invent an answer: what QEMU did not say is not in the file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AppError } from '../../electron/api/errors.ts';
import type { Json, JsonObject } from '../../electron/api/object.ts';
import {
  capabilities,
  definitionCommands,
  definitionReply,
  probeCommands,
  type QmpRecording,
  type QmpReplies,
  recordingKey,
} from '../../electron/core/qemu/capabilities.ts';
import type { QmpCommand } from '../../electron/core/qemu/launch-plan.ts';
import type { Log } from '../../electron/engine/ports.ts';
import { firmwareDescriptors } from '../../electron/host/firmware/descriptors.ts';
import { startQemu } from '../../electron/host/qemu/process.ts';
import { reachableSchema } from './qmp-schema.ts';

/** Every `-device` type that a launch plan may name: their properties are recorded for the check of arguments. */
export const deviceTypes = [
  'pcie-root-port',
  'virtio-blk-pci',
  'virtio-scsi-pci',
  'virtio-net-pci',
  'virtio-rng-pci',
  'virtio-balloon-pci',
  'virtio-mem-pci',
  'virtio-serial-pci',
  'virtserialport',
  'virtio-vga',
  'virtio-gpu-pci',
  'virtio-tablet-pci',
  'virtio-keyboard-pci',
  'VGA',
  'bochs-display',
  'cirrus-vga',
  'ramfb',
  'scsi-hd',
  'scsi-cd',
  'scsi-block',
  'ide-hd',
  'ide-cd',
  'usb-storage',
  'qemu-xhci',
  'usb-tablet',
  'usb-kbd',
  'isa-serial',
  'ich9-intel-hda',
  'hda-output',
  'hda-duplex',
  'AC97',
  'e1000',
  'e1000e',
  'ne2k_pci',
  'pcnet',
  'rtl8139',
  'vmxnet3',
  'i6300esb',
  'pvpanic-pci',
  'tpm-crb',
  'tpm-tis',
  'vfio-pci',
  'usb-host',
] as const;

/** The `-global` drivers beside them. */
const globalTypes = ['cfi.pflash01', 'ICH9-LPC', 'kvm-pit'] as const;

/** Undefined when QEMU does not start with this accelerator. */
async function record(binary: string, accelerator: 'tcg' | 'kvm', commands: readonly QmpCommand[]): Promise<QmpReplies | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'qmp-'));
  const qmpSocket = join(folder, 'qmp.sock');
  const args = ['-machine', 'none', '-nodefaults', '-no-user-config', '-display', 'none', '-accel', accelerator];
  // A started QEMU does not keep this process alive: it is made to outlive it.
  const alive = setInterval(() => undefined, 1000);
  try {
    const { qmp, ended } = await startQemu({
      argv: [binary, ...args, '-qmp', `unix:${qmpSocket},server=on,wait=off`],
      qmpSocket,
      qemuLog: join(folder, 'qemu.log'),
      onEvent: () => undefined,
      onProcess: () => Promise.resolve(),
      earlyExit: (stderr) => new AppError('QemuExitedEarly', stderr),
    });
    const replies: Record<string, Json> = {};
    for (const command of commands) replies[recordingKey(command)] = await qmp.execute(command.execute, command.arguments);
    for (const command of accelerator === 'tcg' ? definitionCommands(replies) : []) {
      replies[recordingKey(command)] = definitionReply(await qmp.execute(command.execute, command.arguments));
    }
    await qmp.execute('quit');
    await ended;
    qmp.close();
    return replies;
  } catch (error) {
    if (error instanceof AppError && error.code === 'QemuExitedEarly') return undefined;
    throw error;
  } finally {
    clearInterval(alive);
    rmSync(folder, { recursive: true });
  }
}

// Descriptions and defaults are a third of the file, and nothing is decided by them.
function namesAndTypes(reply: Json): Json {
  if (!Array.isArray(reply)) return reply;
  return reply.map((row: JsonObject) => ({ name: row.name, type: row.type }));
}

export async function recordHost(binary: string): Promise<QmpRecording> {
  const properties = [...deviceTypes, ...globalTypes].map((typename) => ({ execute: 'device-list-properties', arguments: { typename } }));
  const tcg = await record(binary, 'tcg', [...probeCommands, { execute: 'query-qmp-schema' }, ...properties]);
  if (tcg === undefined) throw new Error(`${binary} does not start`);
  const kvm = await record(binary, 'kvm', probeCommands);
  const slim = Object.fromEntries(
    Object.entries(tcg).map(([key, reply]) => {
      if (key.startsWith('device-list-properties')) return [key, namesAndTypes(reply)];
      if (key === 'query-qmp-schema') return [key, reachableSchema(reply, ['blockdev-add', 'netdev_add', 'object-add'])];
      return [key, reply];
    }),
  );
  return { binary, tcg: slim, ...(kvm === undefined ? {} : { kvm: onlyAccelerated(kvm) }) };
}

// The rest is the same under every accelerator, and is read from the TCG half.
function onlyAccelerated(replies: QmpReplies): QmpReplies {
  return Object.fromEntries(Object.entries(replies).filter(([key]) => key.startsWith('query-cpu') || key === 'query-kvm'));
}

/** One answer a line: a new QEMU gives a diff that can be read. */
export function hostText({ binary, ...accelerators }: QmpRecording): string {
  const lines = Object.entries(accelerators).map(([name, replies]) => {
    const answers = Object.entries(replies).map(([key, reply]) => `    ${JSON.stringify(key)}: ${JSON.stringify(reply)}`);
    return `  ${JSON.stringify(name)}: {\n${answers.join(',\n')}\n  }`;
  });
  return `{\n  "binary": ${JSON.stringify(binary)},\n${lines.join(',\n')}\n}\n`;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

if (import.meta.main) {
  const binary = process.argv[2] ?? '/usr/bin/qemu-system-x86_64';
  const host = await recordHost(binary);
  const { major, minor } = capabilities(host).version;
  const name = `qemu-${major}.${minor}-${basename(binary).replace('qemu-system-', '')}.json`;
  writeFileSync(new URL(`hosts/${name}`, import.meta.url), hostText(host));
  console.log(name);
  if (process.argv.includes('--firmware')) {
    writeFileSync(
      new URL('hosts/firmware-debian-12.json', import.meta.url),
      `${JSON.stringify(await firmwareDescriptors({}, silent), null, 2)}\n`,
    );
  }
}
