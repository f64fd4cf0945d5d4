// Owns the measure of a boot: start request → the guest's first line of user space, under BIOS and UEFI, beside what others would run.
// Must not keep anything running.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tinyLinuxDisk, tinyLinuxMarker } from '../guests/tiny-linux.ts';
import { cpuMs, startCore, type CoreProcess } from './core-process.ts';
import { type Figure, median, ms } from './figures.ts';
import { machine, machinesPath, stopAndForget, verbPath } from './machines.ts';

/** As many rounds as this allows, one at least: a busy computer gets a table, too. */
const budgetMs = 360_000;
const peers = ['virt-install', 'quickemu', 'leanest'] as const;
type Peer = (typeof peers)[number];
const firmwares = ['bios', 'uefi'] as const;
type Firmware = (typeof firmwares)[number];

const variables = ['/usr/share/OVMF/OVMF_VARS_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.ms.fd'];
const lookMs = 2;
const limitMs = 180_000;

export async function bootFigures(): Promise<readonly Figure[]> {
  const disk = await tinyLinuxDisk();
  const core = await startCore();
  try {
    for (const firmware of firmwares) {
      await core.request({ method: 'POST', path: machinesPath, body: defaultMachine(firmware, disk) });
    }
    const rounds: Readonly<Record<Firmware, Round>>[] = [];
    const began = performance.now();
    let longest = 0;
    while (rounds.length === 0 || performance.now() - began + longest < budgetMs) {
      const from = performance.now();
      rounds.push({ bios: await roundOf(core, 'bios', disk), uefi: await roundOf(core, 'uefi', disk) });
      longest = Math.max(longest, performance.now() - from);
    }
    return firmwares.flatMap((firmware) => figuresOf(firmware, withoutFirst(rounds.map((round) => round[firmware]))));
  } finally {
    await core.end();
    core.remove();
  }
}

/** It warms the caches; alone it is better than nothing. */
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
async function roundOf(core: CoreProcess, firmware: Firmware, disk: string): Promise<Round> {
  const ours = await bootOurs(core, firmware);
  const [virtInstall, quickemu, leanest] = [
    await bootPeer(`virt-install-${firmware}`, disk),
    await bootPeer(`quickemu-${firmware}`, disk),
    await bootPeer(`leanest-${firmware}`, disk),
  ];
  const round = { ours, 'virt-install': virtInstall, quickemu, leanest };
  const said = Object.entries(round).map(([name, { wallMs, cpuMs: used }]) => `${name} ${ms(wallMs)} (${ms(used)} of processor)`);
  process.stderr.write(`  ${firmware}: ${said.join(', ')}\n`);
  return round;
}

function figuresOf(firmware: Firmware, rounds: readonly Round[]): readonly Figure[] {
  const row = (peer: Peer, limit: number | undefined): Figure => {
    const ratioOf = (what: keyof Taken): number => median(rounds.map((round) => round.ours[what] / round[peer][what]));
    const shown = (who: keyof Round): string =>
      `${ms(median(rounds.map((round) => round[who].wallMs)))}, processor ${ms(median(rounds.map((round) => round[who].cpuMs)))}`;
    // Waiting costs no processor time, so neither is enough alone; the processor's is the one that others cannot disturb.
    const [wall, cpu] = [ratioOf('wallMs'), ratioOf('cpuMs')];
    return {
      what: `Start request → first line of user space, ${firmware.toUpperCase()}, ${rounds.length} rounds`,
      ours: `${shown('ours')} (${wall.toFixed(2)}×, ${cpu.toFixed(2)}×)`,
      peer: `${peer}: ${shown(peer)}`,
      promise: limit === undefined ? '–' : `at most ${limit}×`,
      ...(limit === undefined ? {} : { kept: wall <= limit && cpu <= limit }),
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

async function bootPeer(name: string, disk: string): Promise<Taken> {
  const folder = mkdtempSync(join(tmpdir(), 'vd-peer-'));
  for (const file of variables) if (existsSync(file)) copyFileSync(file, join(folder, basename(file)));
  const args = readFileSync(new URL(`peers/${name}.argv`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const space = line.indexOf(' ');
      return space < 0 ? [line] : [line.slice(0, space), line.slice(space + 1)];
    })
    .map((text) => text.replaceAll('{folder}', folder).replaceAll('{disk}', disk));
  const began = performance.now();
  const qemu = spawn('qemu-system-x86_64', [...args, '-snapshot'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  qemu.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => qemu.once('exit', () => resolve()));
  try {
    const early = ended.then(() => Promise.reject(new Error(`${name} ended: ${complaint}`)));
    const wallMs = await Promise.race([markerIn(join(folder, 'serial.log'), began), early]);
    return { wallMs, cpuMs: cpuMs(qemu.pid ?? 0) };
  } finally {
    qemu.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
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
