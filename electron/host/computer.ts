// Owns the ComputerPort: facts for decisions, and the report for the user.
// Must not change the computer.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ComputerReport } from '../api/computer.ts';
import type { SettingsSpec } from '../api/kinds/settings.ts';
import type { FirmwareDescriptor, HostFacts, QemuCapabilities } from '../core/facts.ts';
import { capabilities } from '../core/qemu/capabilities.ts';
import type { ComputerPort, DiskPort, LimitPort, Log } from '../engine/ports.ts';
import { accelerationCheck, acceleratorFact } from './accelerator.ts';
import type { AcceleratorSurroundings } from './accelerator.ts';
import { fileKey } from './cache.ts';
import {
  dataCheck,
  debianBuildCheck,
  firmwareCheck,
  hugePagesCheck,
  imagesCheck,
  iommuCheck,
  qemuCheck,
  tpmCheck,
} from './computer-checks.ts';
import { errnoOf, reasonOf } from './errno.ts';
import { findProgram } from './exec.ts';
import { firmwareDescriptors } from './firmware/descriptors.ts';
import { networkFacts } from './network/network-facts.ts';
import { packageFamily } from './packages.ts';
import { takenLoopbackPorts } from './ports.ts';
import { readIfThere } from './proc.ts';
import { processorTimes } from './processor-times.ts';
import { probeQemu } from './qemu/probe.ts';
import { kvmDevice, kvmVerdict } from './qemu/selftest.ts';
import type { KvmVerdict } from './qemu/selftest.ts';
import { realtimeFact } from './realtime.ts';
import { topologyReader } from './topology.ts';
import { sshPublicKeys } from './ssh-keys.ts';
import { swtpmProbe } from './swtpm.ts';

export interface ComputerOptions {
  readonly dataDir: string;
  readonly version: string;
  readonly log: Log;
  readonly disks: DiskPort;
  readonly limits: Pick<LimitPort, 'abilities'>;
}

interface QemuFacts {
  readonly key: string;
  readonly qemu: QemuCapabilities;
  readonly verdict: KvmVerdict;
}

export function createComputer({ dataDir, version, log, disks, limits }: ComputerOptions): ComputerPort {
  /** Asked again when the binary is another one (packages are upgraded while we run), or /dev/kvm has come or gone. */
  let known: { readonly key: string; readonly facts: Promise<QemuFacts | undefined> } | undefined;

  const qemuFacts = async (): Promise<QemuFacts | undefined> => {
    const binary = await findProgram(`qemu-system-${os.arch() === 'arm64' ? 'aarch64' : 'x86_64'}`);
    if (binary === undefined) return undefined;
    const key = `${await fileKey(binary)} ${await kvmDevice()}`;
    if (known?.key !== key) known = { key, facts: askQemu(binary, key) };
    return await known.facts;
  };

  const askQemu = async (binary: string, key: string): Promise<QemuFacts | undefined> => {
    try {
      const verdict = await kvmVerdict({ dataDir, binary });
      const recording = await probeQemu({ dataDir, binary, kvm: ['works', 'broken'].includes(verdict.state) });
      return { key, qemu: capabilities(recording), verdict };
    } catch (error) {
      log.error('QEMU cannot be asked what it can do.', { binary, reason: reasonOf(error) });
      return undefined;
    }
  };

  const swtpm = swtpmProbe(log);
  const readTopology = topologyReader();

  const surroundings = async (settings: SettingsSpec): Promise<AcceleratorSurroundings> => ({
    choice: settings.accelerator,
    verdict: (await qemuFacts())?.verdict,
    cpuVirtualizes: /^flags\s*:.*\b(?:vmx|svm)\b/m.test((await readIfThere('/proc/cpuinfo')) ?? ''),
    userName: os.userInfo().username,
  });

  const firmware = async (): Promise<readonly FirmwareDescriptor[]> =>
    await firmwareDescriptors({ configHome: process.env['XDG_CONFIG_HOME'] ?? path.join(os.homedir(), '.config') }, log);

  const facts = async (settings: SettingsSpec): Promise<HostFacts> => {
    const [found, accelerator, descriptors, tpm, memory, cpus, network, topology, realtime, abilities] = await Promise.all([
      qemuFacts(),
      surroundings(settings),
      firmware(),
      swtpm(),
      memoryMiB(),
      processor(),
      networkFacts(),
      readTopology(),
      realtimeFact(),
      limits.abilities(),
    ]);
    return {
      hostname: os.hostname(),
      arch: os.arch() === 'arm64' ? 'arm64' : 'amd64',
      cpus,
      memory,
      topology,
      ...(realtime === undefined ? {} : { realtime }),
      accelerator: acceleratorFact(accelerator),
      firmware: descriptors,
      ...(tpm === undefined ? {} : { swtpm: tpm }),
      network,
      limits: abilities,
      ...(found === undefined ? {} : { qemu: found.qemu }),
    };
  };

  return {
    facts,
    processorTimes,
    takenPorts: takenLoopbackPorts,
    unreadableFiles,
    report: async (settings): Promise<ComputerReport> => {
      const [now, accelerator, pool, family] = await Promise.all([
        facts(settings),
        surroundings(settings),
        disks.poolSpace(),
        packageFamily(),
      ]);
      const place = { family, root: '/' };
      const { uid, username: name, homedir: home } = os.userInfo();
      const looked = await Promise.all([
        tpmCheck(place),
        iommuCheck(place),
        hugePagesCheck(place),
        imagesCheck(place),
        debianBuildCheck(place, uid),
        dataCheck(pool),
      ]);
      const checks = [qemuCheck(now.qemu, place), accelerationCheck(accelerator), firmwareCheck(now.firmware, place), ...looked];
      const { qemu } = now;
      return {
        hostname: now.hostname,
        version,
        checks,
        cpus: { threads: now.cpus.threads, model: now.cpus.model },
        memory: now.memory,
        pool,
        accelerator: { inUse: now.accelerator.inUse, message: now.accelerator.message },
        ...(qemu === undefined ? {} : { qemuVersion: `${qemu.version.major}.${qemu.version.minor}.${qemu.version.micro}` }),
        takenPorts: [...(await takenLoopbackPorts(suggestedPorts))],
        user: { name, home, sshPublicKeys: await sshPublicKeys(home) },
      };
    },
  };
}

async function unreadableFiles(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await Promise.all(paths.map(async (file) => ((await isReadable(file)) ? [] : [file])));
  return new Set(rows.flat());
}

async function isReadable(file: string): Promise<boolean> {
  try {
    await access(file, constants.R_OK);
    return (await stat(file)).isFile();
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}

/** What the wizard suggests for SSH, in order; one more for each machine. */
const suggestedPorts = Array.from({ length: 32 }, (_, index) => 2222 + index);

async function memoryMiB(): Promise<HostFacts['memory']> {
  const text = (await readIfThere('/proc/meminfo')) ?? '';
  const mib = (key: string): number => Math.floor(Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024);
  return { totalMiB: mib('MemTotal'), availableMiB: mib('MemAvailable') };
}

async function processor(): Promise<HostFacts['cpus']> {
  const text = (await readIfThere('/proc/cpuinfo')) ?? '';
  const field = (name: string): string => new RegExp(String.raw`^${name}\s*:\s*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? 'unknown';
  const flags = new Set(field('flags').split(' '));
  return {
    threads: os.availableParallelism(),
    model: field('model name'),
    vendor: field('vendor_id'),
    hasInvariantTsc: flags.has('constant_tsc') && flags.has('nonstop_tsc'),
  };
}
