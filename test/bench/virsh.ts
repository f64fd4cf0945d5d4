// Owns the measure of `virsh start` of the same disk with libvirt's own defaults, in a time that it never exceeds.
// Must not leave a daemon, a definition or a machine behind.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { median, ms } from './figures.ts';

/** Without systemd libvirtd asks around for seconds at every step, and now and then never answers. */
const budgetMs = 60_000;
/** Who asks while it begins may wait for ever. */
const answerMs = 20_000;
/** For each step of the cleaning up, which comes on top. */
const cleaningMs = 10_000;
/** The first start warms the caches. */
const starts = 4;
const name = 'vd-bench';

type Virsh = (timeoutMs: number, ...args: readonly string[]) => Promise<{ readonly stdout: string }>;

/** What was seen, for the table: the time, or why there is none. Undefined where libvirt is not installed. */
export async function virshStarts(disk: string): Promise<string | undefined> {
  if (!existsSync('/usr/bin/virsh') || !existsSync('/usr/sbin/libvirtd')) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'vd-virsh-'));
  // libvirtd of root is always the system's; everybody else has a session of his own.
  const isRoot = process.getuid?.() === 0;
  const env = { ...process.env, XDG_RUNTIME_DIR: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, LANG: 'C' };
  const virsh: Virsh = (timeoutMs, ...args) =>
    promisify(execFile)('virsh', ['-c', isRoot ? 'qemu:///system' : 'qemu:///session', ...args], {
      env,
      timeout: Math.max(1, Math.ceil(timeoutMs)),
      killSignal: 'SIGKILL',
    });
  // Where systemd is not there nobody starts the second one, which keeps the logs of QEMU.
  const daemons = [
    spawn('/usr/sbin/virtlogd', [], { env, stdio: 'ignore' }),
    spawn('/usr/sbin/libvirtd', ['--timeout', '60'], { env, stdio: 'ignore' }),
  ];
  for (const daemon of daemons) daemon.on('error', () => undefined);
  const xml = join(folder, 'domain.xml');
  writeFileSync(xml, domainXml({ disk, folder: isRoot ? tmpdir() : folder }));
  try {
    return await timedStarts(virsh, xml);
  } finally {
    await forget(virsh, isRoot ? '/run/libvirt/qemu' : join(folder, 'libvirt/qemu/run'));
    await Promise.all(daemons.map((daemon) => ended(daemon)));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timedStarts(virsh: Virsh, xml: string): Promise<string> {
  const deadline = performance.now() + budgetMs;
  if (!(await answers(virsh, deadline))) return `virsh start: libvirtd did not answer within ${budgetMs / 1000} s`;
  // One connection for all: without systemd each costs seconds, which are not the start's. --timing says what each command took.
  const commands = [`define '${xml}'`, ...Array.from({ length: starts }, () => `start ${name}; destroy ${name}`)].join('; ');
  const said = await virsh(deadline - performance.now(), '--timing', commands).catch((error: unknown) => error);
  // What it printed before it was ended counts, too.
  const printed = said instanceof Object && 'stdout' in said && typeof said.stdout === 'string' ? said.stdout : '';
  const times = [...printed.matchAll(/started\s+\(Time: ([0-9.]+) ms\)/g)].map(([, time]) => Number(time)).slice(1);
  if (times.length > 0) return `virsh start ${ms(median(times))} (${times.length} starts)`;
  process.stderr.write(`  virsh: ${said instanceof Error ? said.message : printed}\n`);
  return `virsh start: none within ${budgetMs / 1000} s`;
}

async function answers(virsh: Virsh, deadline: number): Promise<boolean> {
  while (performance.now() < deadline) {
    const isThere = await virsh(Math.min(answerMs, deadline - performance.now()), 'version').then(
      () => true,
      () => false,
    );
    if (isThere) return true;
    await delay(100);
  }
  return false;
}

/** A definition that a run left behind would name a disk that is gone; a machine would hold it. */
async function forget(virsh: Virsh, pidFolder: string): Promise<void> {
  for (const verb of ['destroy', 'undefine']) await virsh(cleaningMs, verb, name).catch(() => undefined);
  const pidFile = join(pidFolder, `${name}.pid`);
  // libvirt removes it with the machine: it is there only when it did not answer.
  if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
}

async function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
  const end = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  daemon.kill('SIGTERM');
  const late = setTimeout(() => daemon.kill('SIGKILL'), cleaningMs);
  await end;
  clearTimeout(late);
}

function domainXml({ disk, folder }: { readonly disk: string; readonly folder: string }): string {
  return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>256</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type></os><cpu mode='maximum'/><devices>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${disk}'/><target dev='vda' bus='virtio'/><readonly/></disk>
<serial type='pty'/><graphics type='vnc' socket='${folder}/vd-virsh-vnc.sock'/><video><model type='vga'/></video></devices></domain>`;
}
