// Owns the measure of `virsh start` of the same disk with libvirt's own defaults, in a time that it never exceeds.
// Must not leave a definition or a machine behind.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, ms, whyNot } from './figures.ts';
import { type Libvirt, startLibvirt } from './libvirt.ts';

const budgetMs = 60_000;
/** For each step of the cleaning up, which comes on top. */
const cleaningMs = 10_000;
/** The first start warms the caches. */
const starts = 4;
const name = 'vd-bench';

/** What was seen, for the table: the time, or why there is none. Undefined where libvirt is not installed or does not answer. */
export async function virshStarts(disk: string): Promise<string | undefined> {
  const libvirt = await startLibvirt();
  if (libvirt === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'vd-virsh-'));
  const xml = join(folder, 'domain.xml');
  writeFileSync(xml, domainXml(disk));
  try {
    // Of a benchmark that was killed.
    await libvirt.virsh(cleaningMs, 'undefine', name).catch(() => undefined);
    return await timedStarts(libvirt, xml).catch((error: unknown) => `virsh start: ${whyNot(error)}`);
  } finally {
    for (const verb of ['destroy', 'undefine']) await libvirt.virsh(cleaningMs, verb, name).catch(() => undefined);
    await libvirt.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timedStarts(libvirt: Libvirt, xml: string): Promise<string> {
  // One connection for all; --timing says what each command took.
  const commands = [`define '${xml}'`, ...Array.from({ length: starts }, () => `start ${name}; destroy ${name}`)].join('; ');
  const printed = await libvirt.virsh(budgetMs, '--timing', commands);
  const times = [...printed.matchAll(/started\s+\(Time: ([0-9.]+) ms\)/g)].map(([, time]) => Number(time)).slice(1);
  return `virsh start ${ms(median(times))} (${times.length} starts)`;
}

function domainXml(disk: string): string {
  return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>256</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type></os><cpu mode='maximum'/><devices>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${disk}'/><target dev='vda' bus='virtio'/><readonly/></disk>
<serial type='pty'/><graphics type='vnc' autoport='yes'/><video><model type='vga'/></video></devices></domain>`;
}
