// Owns a ComputerPort of one small computer.
// Must not look at the real one.
import type { ComputerReport } from '../../electron/api/computer.ts';
import { noNetworks } from '../../electron/core/network/network-facts.ts';
import type { FirmwareDescriptor, HostFacts } from '../../electron/core/facts.ts';
import type { TopologyFact } from '../../electron/core/placement/topology.ts';
import type { ComputerPort, ProcessorTimes } from '../../electron/engine/ports.ts';
import type { Gate } from './fake-machines.ts';
import type { FakeWorld } from './fake-world.ts';

export interface FakeComputer extends ComputerPort {
  /** Changes what the computer is from now on. */
  become(facts: Partial<HostFacts>): void;
}

/** Says yes to every device: what exists is core's business and the golden hosts', not this fake's. */
class EveryName extends Set<string> {
  override has(): boolean {
    return true;
  }
}

/** Four cores of two threads, one cache, one memory node. */
export const fakeTopology: TopologyFact = {
  cpus: Array.from({ length: 8 }, (_, id) => ({
    id,
    packageId: 0,
    dieId: 0,
    siblings: [id - (id % 2), id - (id % 2) + 1],
    sharesCache: [0, 1, 2, 3, 4, 5, 6, 7],
    numaNode: 0,
    isolated: false,
  })),
  numaNodes: [{ id: 0, cpus: [0, 1, 2, 3, 4, 5, 6, 7], memoryMiB: 32_768, availableMiB: 24_576, distances: [10], hugePages: [] }],
};

const plainFirmware: FirmwareDescriptor = {
  file: '/usr/share/qemu/firmware/60-edk2-x86_64.json',
  interfaceTypes: ['uefi'],
  executable: { path: '/usr/share/OVMF/OVMF_CODE_4M.fd', format: 'raw' },
  nvramTemplate: { path: '/usr/share/OVMF/OVMF_VARS_4M.fd', format: 'raw' },
  targets: [{ architecture: 'x86_64', machines: ['pc-i440fx-*', 'pc-q35-*'] }],
  features: ['acpi-s3', 'amd-sev', 'verbose-dynamic'],
};

export const fakeHostFacts: HostFacts = {
  hostname: 'workshop',
  arch: 'amd64',
  cpus: { threads: 8, model: 'Fake CPU 3000', vendor: 'GenuineIntel' },
  memory: { totalMiB: 32_768, availableMiB: 24_576 },
  network: noNetworks,
  limits: { by: 'cgroup v2', can: ['memory', 'memoryHigh', 'swap', 'cpu', 'tasks'] },
  topology: fakeTopology,
  accelerator: { inUse: 'tcg', kvm: 'absent', message: 'This computer has no /dev/kvm: guests are emulated.' },
  qemu: {
    binary: '/usr/bin/qemu-system-x86_64',
    version: { major: 7, minor: 2, micro: 9, package: 'Debian 1:7.2+dfsg-7' },
    machines: [
      { name: 'pc-q35-7.2', alias: 'q35', cpuMax: 288, deprecated: false },
      { name: 'pc-q35-7.1', cpuMax: 288, deprecated: false },
    ],
    cpuModels: {
      tcg: [
        { name: 'max', unavailableFeatures: [], deprecated: false },
        { name: 'qemu64', unavailableFeatures: [], deprecated: false },
        { name: 'Conroe', unavailableFeatures: [], deprecated: false },
        { name: 'Nehalem', unavailableFeatures: [], deprecated: false },
        { name: 'Skylake-Client', unavailableFeatures: ['pcid', 'tsc-deadline'], deprecated: false },
      ],
      kvm: [],
    },
    cpuFeatures: {
      tcg: new Map([
        ['aes', true],
        ['apic', true],
        ['avx512f', false],
      ]),
      kvm: new Map(),
    },
    hostModel: { tcg: { name: 'max', added: [], removed: [] } },
    types: new EveryName(),
    commands: new EveryName(),
  },
  swtpm: { program: '/usr/bin/swtpm', features: new Set(['tpm-2.0', 'cmdarg-seccomp', 'cmdarg-pwd-fd']) },
  firmware: [
    plainFirmware,
    {
      ...plainFirmware,
      file: '/usr/share/qemu/firmware/50-edk2-x86_64-secure.json',
      executable: { path: '/usr/share/OVMF/OVMF_CODE_4M.ms.fd', format: 'raw' },
      nvramTemplate: { path: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd', format: 'raw' },
      features: ['acpi-s3', 'enrolled-keys', 'requires-smm', 'secure-boot', 'verbose-dynamic'],
    },
  ],
};

export function fakeComputer(world: FakeWorld, gate: Gate): FakeComputer {
  let facts = fakeHostFacts;
  let looks = 0;
  /** Each processor is busy by its number: 0 idles, 1 works a tenth of the time. */
  const times = (id: number): ProcessorTimes => {
    looks += id === 0 ? 1 : 0;
    return { busyTicks: looks * Math.min(100, id * 10), totalTicks: looks * 100 };
  };
  return {
    become(changed) {
      facts = { ...facts, ...changed };
      if (changed.network !== undefined) world.network = changed.network;
    },
    facts: () => gate(() => ({ ...facts, network: world.network })),
    report: () => gate(() => report(facts)),
    unreadableFiles: (paths) => gate(() => new Set(paths.filter((path) => !world.files.has(path)))),
    processorTimes: () => gate(() => new Map(facts.topology.cpus.map(({ id }) => [id, times(id)] as const))),
    takenPorts: (ports) => gate(() => new Set(ports.filter((port) => world.takenPorts.has(port)))),
  };
}

function report(facts: HostFacts): ComputerReport {
  const { qemu } = facts;
  return {
    hostname: facts.hostname,
    version: '0.0.0-test',
    checks: [
      qemu === undefined
        ? { id: 'qemu', state: 'error', message: 'QEMU is not installed.', fix: 'Install it.', command: 'apt-get install qemu-system-x86' }
        : { id: 'qemu', state: 'ok', message: `QEMU ${qemu.version.major}.${qemu.version.minor} is installed.` },
      { id: 'acceleration', state: facts.accelerator.inUse === 'kvm' ? 'ok' : 'warning', message: facts.accelerator.message },
    ],
    cpus: { threads: facts.cpus.threads, model: facts.cpus.model },
    memory: facts.memory,
    pool: { path: '/var/virtdeck-test/disks', totalBytes: 500 * 2 ** 30, freeBytes: 400 * 2 ** 30 },
    accelerator: { inUse: facts.accelerator.inUse, message: facts.accelerator.message },
    ...(qemu === undefined ? {} : { qemuVersion: `${qemu.version.major}.${qemu.version.minor}.${qemu.version.micro}` }),
    user: {
      name: 'ada',
      home: '/home/ada',
      sshPublicKeys: [{ file: 'id_ed25519.pub', type: 'ssh-ed25519', comment: 'ada@workshop', line: 'ssh-ed25519 AAAAC3Nza ada@workshop' }],
    },
  };
}
