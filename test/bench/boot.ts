// Owns the measure of a boot: start request → the guest's first line of user space, under BIOS and UEFI, beside what others would run.
// Must not keep anything running.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tinyLinuxDisk, tinyLinuxMarker } from '../guests/tiny-linux.ts';
import { startCore, type CoreProcess } from './core-process.ts';
import { type Figure, median, ms } from './figures.ts';
import { machine, machinesPath, stopAndForget, verbPath } from './machines.ts';

const rounds = 5;
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
    const figures: Figure[] = [];
    for (const firmware of firmwares) figures.push(...(await figuresOf(core, firmware, disk)));
    return figures;
  } finally {
    await core.end();
    core.remove();
  }
}

interface Round extends Readonly<Record<Peer, number>> {
  readonly ours: number;
}

async function figuresOf(core: CoreProcess, firmware: Firmware, disk: string): Promise<readonly Figure[]> {
  await core.request({ method: 'POST', path: machinesPath, body: defaultMachine(firmware, disk) });
  const taken: Round[] = [];
  // In turn, so that a busy minute of the computer hits all; the first round warms the caches.
  for (let round = 0; round <= rounds; round++) {
    const ours = await bootOurs(core, firmware);
    const others: Record<Peer, number> = { 'virt-install': 0, quickemu: 0, leanest: 0 };
    for (const peer of peers) others[peer] = await bootPeer(`${peer}-${firmware}`, disk);
    const said = Object.entries({ ours, ...others }).map(([name, took]) => `${name} ${ms(took)}`);
    process.stderr.write(`  ${firmware}, round ${round}: ${said.join(', ')}\n`);
    if (round > 0) taken.push({ ours, ...others });
  }
  const row = (peer: Peer, limit: number | undefined): Figure => {
    const ratio = median(taken.map((round) => round.ours / round[peer]));
    return {
      what: `Start request → first line of user space, ${firmware.toUpperCase()}`,
      ours: `${ms(median(taken.map(({ ours }) => ours)))} (${ratio.toFixed(2)}×)`,
      peer: `${peer}: ${ms(median(taken.map((round) => round[peer])))}`,
      promise: limit === undefined ? '–' : `at most ${limit}×`,
      ...(limit === undefined ? {} : { kept: ratio <= limit }),
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

async function bootOurs(core: CoreProcess, name: Firmware): Promise<number> {
  const { metadata } = (await core.request({ path: `${machinesPath}/${name}` })) as { readonly metadata: { readonly uid: string } };
  const log = join(core.dataDir, 'machines', metadata.uid, 'serial.log');
  // The log of the run before would be taken for this one's.
  rmSync(log, { force: true });
  const began = performance.now();
  await core.request({ method: 'PUT', path: verbPath(name, 'start'), body: {} });
  const took = await markerIn(log, began);
  await stopAndForget(core, name);
  return took;
}

async function bootPeer(name: string, disk: string): Promise<number> {
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
    return await Promise.race([markerIn(join(folder, 'serial.log'), began), early]);
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
