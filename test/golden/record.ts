// Owns the recording of a golden host: `node test/golden/record.ts [BINARY] [--firmware]` asks a real QEMU and writes hosts/NAME.json.
// Must not invent an answer: what QEMU did not say is not in the file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json, JsonObject } from '../../electron/api/object.ts';
import type { FirmwareDescriptor } from '../../electron/core/facts.ts';
import { probeCommands, type QmpReplies, recordingKey } from '../../electron/core/qemu/capabilities.ts';
import type { QmpCommand } from '../../electron/core/qemu/launch-plan.ts';
import { reachableSchema } from './qmp-schema.ts';

/** Every `-device` type that a launch plan may name: their properties are recorded for the check of arguments. */
export const deviceTypes = [
  'pcie-root-port',
  'virtio-blk-pci',
  'virtio-scsi-pci',
  'virtio-net-pci',
  'virtio-rng-pci',
  'virtio-balloon-pci',
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
] as const;

/** The `-global` drivers beside them. */
const globalTypes = ['cfi.pflash01', 'ICH9-LPC', 'kvm-pit'] as const;

interface Session {
  ask(command: QmpCommand): Promise<Json | undefined>;
  close(): Promise<void>;
}

async function openQemu(binary: string, accelerator: 'tcg' | 'kvm'): Promise<Session | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'qmp-'));
  const path = join(folder, 'qmp.sock');
  const args = ['-machine', 'none', '-nodefaults', '-no-user-config', '-display', 'none', '-accel', accelerator];
  const child = spawn(binary, [...args, '-qmp', `unix:${path},server=on,wait=off`], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  while (!existsSync(path)) {
    if (child.exitCode !== null) return undefined;
    await delay(10);
  }
  const socket = createConnection(path);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  await lines.next();
  const ask = async (command: QmpCommand): Promise<Json | undefined> => {
    socket.write(`${JSON.stringify(command)}\n`);
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`QEMU hung up on ${command.execute}`);
      const reply = JSON.parse(value) as { readonly event?: string; readonly return?: Json };
      if (reply.event === undefined) return reply.return;
    }
  };
  await ask({ execute: 'qmp_capabilities' });
  return {
    ask,
    close: async () => {
      child.kill('SIGTERM');
      await exited;
      socket.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}

async function record(binary: string, accelerator: 'tcg' | 'kvm', commands: readonly QmpCommand[]): Promise<QmpReplies | undefined> {
  const session = await openQemu(binary, accelerator);
  if (session === undefined) return undefined;
  const replies: Record<string, Json> = {};
  for (const command of commands) {
    const reply = await session.ask(command);
    if (reply !== undefined) replies[recordingKey(command)] = reply;
  }
  await session.close();
  return replies;
}

// Descriptions and defaults are a third of the file, and nothing is decided by them.
function namesAndTypes(reply: Json): Json {
  if (!Array.isArray(reply)) return reply;
  return reply.map((row: JsonObject) => ({ name: row.name, type: row.type }));
}

export async function recordHost(binary: string): Promise<JsonObject> {
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
export function hostText({ binary, ...accelerators }: JsonObject): string {
  const lines = Object.entries(accelerators).map(([name, replies]) => {
    const answers = Object.entries(replies as JsonObject).map(([key, reply]) => `    ${JSON.stringify(key)}: ${JSON.stringify(reply)}`);
    return `  ${JSON.stringify(name)}: {\n${answers.join(',\n')}\n  }`;
  });
  return `{\n  "binary": ${JSON.stringify(binary)},\n${lines.join(',\n')}\n}\n`;
}

/** The flash descriptors of this computer, in their order of preference. */
export function recordFirmware(folder = '/usr/share/qemu/firmware'): readonly FirmwareDescriptor[] {
  const names = readdirSync(folder).toSorted();
  return names.flatMap((name) => {
    const row = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (row.mapping.device !== 'flash') return [];
    const file = ({ filename, format }: { readonly filename: string; readonly format: 'raw' | 'qcow2' }) => ({ path: filename, format });
    return [
      {
        file: join(folder, name),
        interfaceTypes: row['interface-types'],
        executable: file(row.mapping.executable),
        nvramTemplate: file(row.mapping['nvram-template']),
        targets: row.targets,
        features: row.features,
      },
    ];
  });
}

if (import.meta.main) {
  const binary = process.argv[2] ?? '/usr/bin/qemu-system-x86_64';
  const host = await recordHost(binary);
  const { qemu } = (host.tcg as Record<string, { qemu: { major: number; minor: number } }>)['query-version']!;
  const name = `qemu-${qemu.major}.${qemu.minor}-${basename(binary).replace('qemu-system-', '')}.json`;
  writeFileSync(new URL(`hosts/${name}`, import.meta.url), hostText(host));
  console.log(name);
  if (process.argv.includes('--firmware')) {
    writeFileSync(new URL('hosts/firmware-debian-12.json', import.meta.url), `${JSON.stringify(recordFirmware(), null, 2)}\n`);
  }
}
