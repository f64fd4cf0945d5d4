// Owns how others boot the disk of the benchmark: QEMU's command by hand, and a domain of libvirt; both until the guest's line is seen.
// Must not keep anything running.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tinyLinuxMarker } from '../guests/tiny-linux.ts';
import { cpuMs } from './core-process.ts';
import type { Libvirt } from './libvirt.ts';

/** From the request to the line. */
export interface Taken {
  readonly wallMs: number;
  /** Of QEMU, its threads together: what else the computer does has little part in it. */
  readonly cpuMs: number;
}

export interface PeerBoot {
  /** Of a file in `peers`, without its ending. */
  readonly name: string;
  readonly disk: string;
  /** Of all peers; each has its variables of UEFI in it, kept from boot to boot as every one of these tools does. */
  readonly folder: string;
}

const variables = ['/usr/share/OVMF/OVMF_VARS_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.ms.fd'];
const lookMs = 2;
const limitMs = 180_000;
const virshMs = 60_000;

/** The command of `peers/NAME.argv`. */
export async function bootCommand(boot: PeerBoot): Promise<Taken> {
  const folder = folderOf(boot);
  for (const file of variables) {
    const kept = join(folder, basename(file));
    if (existsSync(file) && !existsSync(kept)) copyFileSync(file, kept);
  }
  const args = template(boot, 'argv')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const space = line.indexOf(' ');
      return space < 0 ? [line] : [line.slice(0, space), line.slice(space + 1)];
    });
  const began = performance.now();
  const qemu = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  qemu.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => qemu.once('exit', () => resolve()));
  try {
    const early = ended.then(() => Promise.reject(new Error(`${boot.name} ended: ${complaint}`)));
    const wallMs = await Promise.race([markerIn(join(folder, 'serial.log'), began), early]);
    return { wallMs, cpuMs: cpuMs(qemu.pid ?? 0) };
  } finally {
    qemu.kill('SIGKILL');
    await ended;
  }
}

/** The domain of `peers/NAME.xml`, which libvirt is asked to start as we are: its own part of the start counts, that of its client does not. */
export async function bootDomain(libvirt: Libvirt, boot: PeerBoot): Promise<Taken> {
  const folder = folderOf(boot);
  const domain = domainName(boot.name);
  if (!existsSync(join(folder, 'domain.xml'))) {
    writeFileSync(join(folder, 'domain.xml'), template(boot, 'xml'));
    // Of a benchmark that was killed.
    await forgetDomain(libvirt, boot.name);
    await libvirt.virsh(virshMs, 'define', join(folder, 'domain.xml'));
  }
  const printed = await libvirt.virsh(virshMs, '--timing', 'start', domain);
  const began = performance.now() - commandMs(printed);
  try {
    const wallMs = await markerIn(join(folder, 'serial.log'), began);
    return { wallMs, cpuMs: cpuMs(pidOf(`guest=${domain},`)) };
  } finally {
    await libvirt.virsh(virshMs, 'destroy', domain);
  }
}

/** As `--timing` says it: without the start of virsh and its way to libvirt. */
function commandMs(printed: string): number {
  const [, time] = /\(Time: ([0-9.]+) ms\)/.exec(printed) ?? [];
  if (time === undefined) throw new Error(`virsh told no time: ${printed}`);
  return Number(time);
}

/** What `bootDomain` defined. */
export async function forgetDomain(libvirt: Libvirt, name: string): Promise<void> {
  await libvirt.virsh(virshMs, 'undefine', '--nvram', domainName(name)).catch(() => undefined);
}

/** When the guest's line is in the file, ms since `began`. The benchmark watches a file grow, so it has to look again and again. */
export async function markerIn(file: string, began: number): Promise<number> {
  for (;;) {
    if (existsSync(file) && readFileSync(file, 'latin1').includes(tinyLinuxMarker)) return performance.now() - began;
    if (performance.now() - began > limitMs) throw new Error(`The guest did not come up in ${limitMs / 1000} s: ${file}`);
    await delay(lookMs);
  }
}

/** Empty of what the boot before wrote, which would be taken for this one's. */
function folderOf({ folder, name }: PeerBoot): string {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  rmSync(join(own, 'serial.log'), { force: true });
  return own;
}

function template({ name, disk, folder }: PeerBoot, ending: 'argv' | 'xml'): string {
  return readFileSync(new URL(`peers/${name}.${ending}`, import.meta.url), 'utf8')
    .replaceAll('{folder}', join(folder, name))
    .replaceAll('{disk}', disk)
    .replaceAll('{name}', domainName(name));
}

function domainName(name: string): string {
  return `vd-bench-${name}`;
}

/** As this computer sees it: libvirt's pid file has the number of its own namespace. */
function pidOf(argument: string): number {
  const file = globSync('/proc/[0-9]*/cmdline').find((name) => {
    try {
      return readFileSync(name, 'utf8').includes(argument);
    } catch {
      // It ended meanwhile.
      return false;
    }
  });
  if (file === undefined) throw new Error(`no process has ${argument}`);
  return Number(basename(dirname(file)));
}
