// Owns a libvirt of the benchmarks' own: its daemons, how they are asked, and that nothing of them stays.
// Must not measure anything.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface Libvirt {
  /** What virsh printed. Rejects when it fails or takes longer. */
  virsh(timeoutMs: number, ...args: readonly string[]): Promise<string>;
  /** QEMU ends with it. What was defined is to be undefined before. */
  end(): Promise<void>;
}

/** It asks every QEMU of the computer what it can do. */
const answerWithinMs = 60_000;
/** Who asks while it begins may wait for ever. */
const oneAnswerMs = 20_000;
const endMs = 10_000;

/**
 * KVM is hidden, as the figures are those of emulation, and libvirt waits long for one that does not answer. The first process of a
 * container seldom reaps what is not its own, and libvirt waits for its ended QEMU to be reaped: here a shell is the first process.
 */
const ownFirstProcess = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
/** What root's libvirt keeps of a domain, its log and variables of UEFI among it: in memory, so that nothing of it stays. */
const daemonsOfRoot = `
  for kept in /etc/libvirt/qemu /var/lib/libvirt/qemu /var/log/libvirt; do [ ! -d $kept ] || mount -t tmpfs -o mode=755 none $kept; done
  [ ! -e /dev/kvm ] || mount --bind /dev/null /dev/kvm
  virtlogd & libvirtd & wait -n; exit 1`;

/** Undefined where libvirt is not installed, or does not answer within a minute. */
export async function startLibvirt(): Promise<Libvirt | undefined> {
  if (!existsSync('/usr/bin/virsh') || !existsSync('/usr/sbin/libvirtd')) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'vd-libvirt-'));
  // libvirtd of root is always the system's; everybody else has a session of his own.
  const isRoot = process.getuid?.() === 0;
  const env = { ...process.env, XDG_RUNTIME_DIR: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, LANG: 'C' };
  const daemons = isRoot
    ? [spawn('unshare', [...ownFirstProcess, 'bash', '-c', daemonsOfRoot], { env, stdio: 'ignore' })]
    : ['/usr/sbin/virtlogd', '/usr/sbin/libvirtd'].map((program) => spawn(program, { env, stdio: 'ignore' }));
  for (const daemon of daemons) daemon.on('error', () => undefined);
  const libvirt: Libvirt = {
    async virsh(timeoutMs, ...args) {
      const { stdout } = await promisify(execFile)('virsh', ['-c', isRoot ? 'qemu:///system' : 'qemu:///session', ...args], {
        env,
        timeout: Math.max(1, Math.ceil(timeoutMs)),
        killSignal: 'SIGKILL',
      });
      return stdout;
    },
    async end() {
      // unshare does not end by SIGTERM, and a first process that is killed takes its whole namespace with it.
      await Promise.all(daemons.map((daemon) => ended(daemon, isRoot ? 'SIGKILL' : 'SIGTERM')));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (await answers(libvirt)) return libvirt;
  await libvirt.end();
  return undefined;
}

async function answers(libvirt: Libvirt): Promise<boolean> {
  const deadline = performance.now() + answerWithinMs;
  while (performance.now() < deadline) {
    const isThere = await libvirt.virsh(Math.min(oneAnswerMs, deadline - performance.now()), 'version').then(
      () => true,
      () => false,
    );
    if (isThere) return true;
    await delay(100);
  }
  return false;
}

async function ended(daemon: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (daemon.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
  const end = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  daemon.kill(signal);
  const late = setTimeout(() => daemon.kill('SIGKILL'), endMs);
  await end;
  clearTimeout(late);
}
