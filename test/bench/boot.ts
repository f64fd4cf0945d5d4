// Owns the measure of a boot: start request → the guest's first line of user space, under BIOS and UEFI, beside what others would run.
// Must not keep anything running.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tinyLinuxDisk, tinyLinuxMarker } from '../guests/tiny-linux.ts';
import { cpuMs, startCore, type CoreProcess } from './core-process.ts';
import { type Figure, ms } from './figures.ts';
import { machine, machinesPath, stopAndForget, verbPath } from './machines.ts';

/** As many rounds as this allows, one at least: a busy computer gets a table, too. */
const budgetMs = 360_000;
const peers = ['virt-install', 'quickemu', 'leanest'] as const;
type Peer = (typeof peers)[number];
const firmwares = ['bios', 'uefi'] as const;
type Firmware = (typeof firmwares)[number];

const variables = ['/usr/share/OVMF/OVMF_VARS_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.ms.fd'];
const lookMs = 2;
/** Wall time of a boot by its processor time. */
const busyFrom = 1.3;
const limitMs = 180_000;

export async function bootFigures(): Promise<readonly Figure[]> {
  const began = performance.now();
  const disk = await tinyLinuxDisk();
  const core = await startCore();
  const folder = mkdtempSync(join(tmpdir(), 'vd-peers-'));
  try {
    for (const firmware of firmwares) {
      await core.request({ method: 'POST', path: machinesPath, body: defaultMachine(firmware, disk) });
    }
    const bench = { core, disk, folder };
    const rounds: Readonly<Record<Firmware, Round>>[] = [];
    let longest = 0;
    while (rounds.length === 0 || performance.now() - began + longest < budgetMs) {
      const from = performance.now();
      rounds.push({ bios: await roundOf(bench, 'bios'), uefi: await roundOf(bench, 'uefi') });
      longest = Math.max(longest, performance.now() - from);
    }
    return firmwares.flatMap((firmware) => figuresOf(firmware, withoutFirst(rounds.map((round) => round[firmware]))));
  } finally {
    await core.end();
    core.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly core: CoreProcess;
  readonly disk: string;
  /** Of the peers; each has its variables of UEFI in it, kept from boot to boot as every one of these tools does. */
  readonly folder: string;
}

/** It warms the caches and fills the empty variables of UEFI; alone it is better than nothing. */
function withoutFirst(rounds: readonly Round[]): readonly Round[] {
  return rounds.length === 1 ? rounds : rounds.slice(1);
}

/** From the start to the line. */
interface Taken {
  readonly wallMs: number;
  /** Of QEMU, its threads together: what else the computer does has little part in it. */
  readonly cpuMs: number;
}

type Round = Readonly<Record<Peer | 'ours', Taken>>;

/** In turn, so that a busy minute of the computer hits all. */
async function roundOf(bench: Bench, firmware: Firmware): Promise<Round> {
  const round = {
    ours: await bootOurs(bench.core, firmware),
    'virt-install': await bootPeer(bench, `virt-install-${firmware}`),
    quickemu: await bootPeer(bench, `quickemu-${firmware}`),
    leanest: await bootPeer(bench, `leanest-${firmware}`),
  };
  const said = Object.entries(round).map(([name, taken]) => `${name} ${ms(taken.cpuMs)} of processor, ${ms(taken.wallMs)}`);
  process.stderr.write(`  ${firmware}: ${said.join('; ')}\n`);
  return round;
}

function figuresOf(firmware: Firmware, rounds: readonly Round[]): readonly Figure[] {
  // Whatever else the computer does only adds to a boot: the least is the one that was disturbed least.
  const least = (who: keyof Round, what: keyof Taken): number => Math.min(...rounds.map((round) => round[who][what]));
  const shown = (who: keyof Round): string => `${ms(least(who, 'cpuMs'))} of processor, ${ms(least(who, 'wallMs'))} in all`;
  const row = (peer: Peer, limit: number | undefined): Figure => {
    const [cpu = Infinity, wall = Infinity] = (['cpuMs', 'wallMs'] as const).map((what) => least('ours', what) / least(peer, what));
    // Waiting costs no processor time, so neither is enough alone; but where the peer itself mostly waits for a processor, its wall
    // time says how busy the computer was.
    const isQuiet = least(peer, 'wallMs') < busyFrom * least(peer, 'cpuMs');
    return {
      what: `Start request → first line of user space, ${firmware.toUpperCase()}, best of ${rounds.length}`,
      ours: `${shown('ours')} (${cpu.toFixed(2)}×, ${isQuiet ? `${wall.toFixed(2)}×` : 'busy'})`,
      peer: `${peer}: ${shown(peer)}`,
      promise: limit === undefined ? '–' : `at most ${limit}×`,
      ...(limit === undefined ? {} : { kept: (isQuiet ? Math.max(cpu, wall) : cpu) <= limit }),
    };
  };
  return [row('virt-install', 0.9), row('quickemu', undefined), row('leanest', 1.05)];
}

/** What the wizard makes, with the disk as it is. */
function defaultMachine(firmware: Firmware, disk: string): object {
  const made = machine(firmware, disk, '512Mi') as { readonly spec: { readonly template: { readonly spec: { readonly domain: object } } } };
  const { spec } = made.spec.template;
  const bootloader = firmware === 'bios' ? {} : { firmware: { bootloader: { efi: { secureBoot: false } } } };
  const devices = { disks: [{ name: 'disk', disk: { bus: 'virtio', readonly: true }, bootOrder: 1 }] };
  const domain = { ...spec.domain, ...bootloader, devices };
  return { ...made, spec: { ...made.spec, template: { ...made.spec.template, spec: { ...spec, domain } } } };
}

async function bootOurs(core: CoreProcess, name: Firmware): Promise<Taken> {
  const { metadata } = (await core.request({ path: `${machinesPath}/${name}` })) as { readonly metadata: { readonly uid: string } };
  const log = join(core.dataDir, 'machines', metadata.uid, 'serial.log');
  // The log of the run before would be taken for this one's.
  rmSync(log, { force: true });
  const began = performance.now();
  await core.request({ method: 'PUT', path: verbPath(name, 'start'), body: {} });
  const wallMs = await markerIn(log, began);
  const taken = { wallMs, cpuMs: cpuMs(onlyPid(core.runDir)) };
  await stopAndForget(core, name);
  return taken;
}

/** Of the only machine that runs. */
function onlyPid(runDir: string): number {
  const [file] = globSync('**/qemu.pid', { cwd: runDir });
  if (file === undefined) throw new Error(`no pid file under ${runDir}`);
  return Number(readFileSync(join(runDir, file), 'utf8'));
}

async function bootPeer({ disk, folder: parent }: Bench, name: string): Promise<Taken> {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  for (const file of variables) {
    const kept = join(folder, basename(file));
    if (existsSync(file) && !existsSync(kept)) copyFileSync(file, kept);
  }
  const log = join(folder, 'serial.log');
  rmSync(log, { force: true });
  const args = readFileSync(new URL(`peers/${name}.argv`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const space = line.indexOf(' ');
      return space < 0 ? [line] : [line.slice(0, space), line.slice(space + 1)];
    })
    .map((text) => text.replaceAll('{folder}', folder).replaceAll('{disk}', disk));
  const began = performance.now();
  const qemu = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  qemu.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => qemu.once('exit', () => resolve()));
  try {
    const early = ended.then(() => Promise.reject(new Error(`${name} ended: ${complaint}`)));
    const wallMs = await Promise.race([markerIn(log, began), early]);
    return { wallMs, cpuMs: cpuMs(qemu.pid ?? 0) };
  } finally {
    qemu.kill('SIGKILL');
    await ended;
  }
}

/** The benchmark watches a file grow, so it has to look again and again. */
async function markerIn(file: string, began: number): Promise<number> {
  for (;;) {
    if (existsSync(file) && readFileSync(file, 'latin1').includes(tinyLinuxMarker)) return performance.now() - began;
    if (performance.now() - began > limitMs) throw new Error(`The guest did not come up in ${limitMs / 1000} s: ${file}`);
    await delay(lookMs);
  }
}
