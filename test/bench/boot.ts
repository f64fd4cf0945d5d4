// Owns the measure of a boot: start request → the guest's first line of user space, under BIOS and UEFI, beside what others would run.
// Must not keep anything running.
import { chmodSync, copyFileSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyLinuxDisk } from '../guests/tiny-linux.ts';
import { bootCommand, bootDomain, forgetDomain, markerIn, type PeerBoot, type Taken } from './boot-peers.ts';
import { cpuMs, startCore, type CoreProcess } from './core-process.ts';
import { type Figure, ms, whyNot } from './figures.ts';
import { type Libvirt, startLibvirt } from './libvirt.ts';
import { machine, machinesPath, stopAndForget, verbPath } from './machines.ts';

/** As many rounds as this allows, one at least: a busy computer gets a table, too. */
const budgetMs = 360_000;
const peers = ['virt-install', 'quickemu', 'leanest'] as const;
type Peer = (typeof peers)[number];
const settingsPath = '/apis/virtdeck.io/v1alpha1/settings/default';
const firmwares = ['bios', 'uefi'] as const;
type Firmware = (typeof firmwares)[number];

/** Wall time of a boot by its processor time. */
const busyFrom = 1.3;

export async function bootFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vd-boot-'));
  // libvirt of root runs QEMU as a user of its own.
  chmodSync(folder, 0o755);
  const disk = join(folder, 'disk.img');
  copyFileSync(await tinyLinuxDisk(), disk);
  const core = await startCore();
  const libvirt = await startLibvirt();
  try {
    await emulate(core);
    for (const firmware of firmwares) {
      await core.request({ method: 'POST', path: machinesPath, body: defaultMachine(firmware, disk) });
    }
    const rounds = await allRounds({ core, libvirt, disk, folder });
    return firmwares.flatMap((firmware) => figuresOf(firmware, withoutFirst(rounds.map((round) => round[firmware]))));
  } finally {
    await core.end();
    core.remove();
    for (const firmware of firmwares) if (libvirt !== undefined) await forgetDomain(libvirt, `virt-install-${firmware}`);
    await libvirt?.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly core: CoreProcess;
  readonly libvirt: Libvirt | undefined;
  readonly disk: string;
  readonly folder: string;
}

/** The peers' commands are those of emulation, so that the figures are of one kind on every computer. */
async function emulate(core: CoreProcess): Promise<void> {
  const body = { spec: { accelerator: 'tcg' } };
  await core.request({ method: 'PATCH', path: settingsPath, body, contentType: 'application/merge-patch+json' });
}

async function allRounds(bench: Bench): Promise<readonly Readonly<Record<Firmware, Round>>[]> {
  const began = performance.now();
  const rounds: Readonly<Record<Firmware, Round>>[] = [];
  let longest = 0;
  while (rounds.length === 0 || performance.now() - began + longest < budgetMs) {
    const from = performance.now();
    rounds.push({ bios: await roundOf(bench, 'bios'), uefi: await roundOf(bench, 'uefi') });
    longest = Math.max(longest, performance.now() - from);
  }
  return rounds;
}

/** It warms the caches and fills the empty variables of UEFI; alone it is better than nothing. */
function withoutFirst(rounds: readonly Round[]): readonly Round[] {
  return rounds.length === 1 ? rounds : rounds.slice(1);
}

/** virt-install's only where libvirt is installed. */
type Round = Readonly<Record<Exclude<Peer, 'virt-install'> | 'ours', Taken> & Partial<Record<Peer, Taken>>>;

/** In turn, so that a busy minute of the computer hits all. */
async function roundOf({ core, libvirt, disk, folder }: Bench, firmware: Firmware): Promise<Round> {
  const peer = (name: Peer): PeerBoot => ({ name: `${name}-${firmware}`, disk, folder });
  const round: Round = {
    ours: await bootOurs(core, firmware),
    ...(libvirt === undefined ? {} : await viaLibvirt(libvirt, peer('virt-install'))),
    quickemu: await bootCommand(peer('quickemu')),
    leanest: await bootCommand(peer('leanest')),
  };
  const said = Object.entries(round).map(([name, taken]) => `${name} ${ms(taken.cpuMs)} of processor, ${ms(taken.wallMs)}`);
  process.stderr.write(`  ${firmware}: ${said.join('; ')}\n`);
  return round;
}

/** Without it there are still the others. */
async function viaLibvirt(libvirt: Libvirt, boot: PeerBoot): Promise<Partial<Record<'virt-install', Taken>>> {
  try {
    return { 'virt-install': await bootDomain(libvirt, boot) };
  } catch (error) {
    process.stderr.write(`  ${boot.name}: ${whyNot(error)}\n`);
    return {};
  }
}

function figuresOf(firmware: Firmware, rounds: readonly Round[]): readonly Figure[] {
  const mine = leastOf(rounds.map((round) => round.ours));
  const row = (peer: Peer, limit: number | undefined): Figure => {
    const what = `Start request → first line of user space, ${firmware.toUpperCase()}, best of ${rounds.length}`;
    const promise = limit === undefined ? '–' : `at most ${limit}×`;
    const theirs = leastOf(rounds.flatMap((round) => round[peer] ?? []));
    if (theirs === undefined || mine === undefined)
      return { what, ours: '–', peer: `${peer}: libvirt is not installed, or does not answer`, promise };
    const cpu = mine.cpuMs / theirs.cpuMs;
    const wall = mine.wallMs / theirs.wallMs;
    // Where the peer itself mostly waits for a processor, its wall time says how busy the computer was.
    const isQuiet = theirs.wallMs < busyFrom * theirs.cpuMs;
    // Beside libvirt, which starts QEMU as we do, what the user waits is the figure. A command by hand has nobody before QEMU: there
    // the guest's own part has to hold as well, and does so on a busy computer, too.
    const judged = peer === 'virt-install' ? (isQuiet ? wall : undefined) : isQuiet ? Math.max(cpu, wall) : cpu;
    return {
      what,
      ours: `${shown(mine)} (${cpu.toFixed(2)}×, ${isQuiet ? `${wall.toFixed(2)}×` : 'busy'})`,
      peer: `${peer}: ${shown(theirs)}`,
      promise,
      ...(limit === undefined || judged === undefined ? {} : { kept: judged <= limit }),
    };
  };
  return [row('virt-install', 0.9), row('quickemu', undefined), row('leanest', 1.05)];
}

/** Whatever else the computer does only adds to a boot: the least is the one that was disturbed least. */
function leastOf(boots: readonly Taken[]): Taken | undefined {
  if (boots.length === 0) return undefined;
  return { wallMs: Math.min(...boots.map((boot) => boot.wallMs)), cpuMs: Math.min(...boots.map((boot) => boot.cpuMs)) };
}

function shown(taken: Taken): string {
  return `${ms(taken.cpuMs)} of processor, ${ms(taken.wallMs)} in all`;
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
