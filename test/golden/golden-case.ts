// Owns reading one case of the golden corpus: a machine's manifest, the facts of its header, and what the core makes of them.
// Must not compare; golden.test.ts does.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { Schemas } from '../../electron/api/schema.ts';
import { resources } from '../../electron/api/resources.ts';
import type { DefaultingFacts } from '../../electron/core/defaults/defaulting-facts.ts';
import { defaulted } from '../../electron/core/defaults/defaults.ts';
import { vmiOfVm } from '../../electron/core/reconcile/vmi-of-vm.ts';
import type { LimitAbilities } from '../../electron/core/limits/enforcement.ts';
import type { NetworkBootFact } from '../../electron/core/network/network-boot-facts.ts';
import { type NetworkFacts, noNetworks } from '../../electron/core/network/network-facts.ts';
import type { FirmwareDescriptor, LaunchFacts, RealtimeFact, VolumeFact } from '../../electron/core/facts.ts';
import { wantedImages } from '../../electron/core/images/wanted-images.ts';
import type { GoldenDevices } from './golden-devices.ts';
import { computerOf, placementOf } from './golden-computer.ts';
import { capabilities, type QmpRecording } from '../../electron/core/qemu/capabilities.ts';

/** The header `# FACTS:` of a case, in YAML. Everything has a sane default. */
export interface CaseFacts {
  readonly accelerator?: 'kvm' | 'tcg';
  readonly memory?: { readonly totalMiB: number; readonly availableMiB: number };
  readonly threads?: number;
  /** Memory nodes that share the threads and the memory evenly; absent: one. */
  readonly numaNodes?: number;
  /** Pages of each memory node, by size in MiB. */
  readonly hugePages?: Readonly<Record<number, number>>;
  /** By hand, as in the settings; absent: one for each memory node. */
  readonly domains?: readonly { readonly name: string; readonly cpus: string }[];
  readonly realtime?: RealtimeFact;
  /** `namespace/name` of other machines and the processors they have for themselves. */
  readonly held?: Readonly<Record<string, readonly number[]>>;
  /** Further labels of every node. */
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly promisedMiB?: number;
  /** What can be limited; everything by default. */
  readonly limits?: LimitAbilities;
  /** Merged over "there, qcow2, writable, 20 GiB". `state: unknown` leaves the volume out of the facts. */
  readonly volumes?: Readonly<Record<string, object>>;
  readonly secrets?: LaunchFacts['secrets'];
  readonly contents?: LaunchFacts['contents'];
  readonly unreadableFiles?: readonly string[];
  readonly takenPorts?: readonly number[];
  readonly firmware?: readonly FirmwareDescriptor[];
  readonly network?: Partial<NetworkFacts>;
  /** By name of `spec.networks[]`: CNI configuration. */
  readonly attachments?: LaunchFacts['attachments'];
  readonly networkBoot?: NetworkBootFact;
  readonly qemu?: 'missing';
  /** Features of swtpm; those of 0.7 by default. */
  readonly swtpm?: 'missing' | readonly string[];
  /** Types that this host's QEMU is said to lack. */
  readonly without?: readonly string[];
  readonly runDir?: string;
  /** Devices of the computer, those that are allowed, and who has which. */
  readonly hostDevices?: GoldenDevices;
}

export interface GoldenCase {
  readonly name: string;
  readonly intent: string;
  readonly host: string;
  readonly facts: CaseFacts;
  readonly vm: VirtualMachine;
}

const folder = new URL('.', import.meta.url);

export function readCase(name: string): GoldenCase {
  const text = readFileSync(new URL(`cases/${name}.vm.yaml`, folder), 'utf8');
  const header = text.split('\n').filter((line) => line.startsWith('#'));
  const intent = header[0]?.slice(1).trim() ?? '';
  const host =
    header
      .find((line) => line.startsWith('# HOST:'))
      ?.slice(7)
      .trim() ?? 'qemu-7.2-x86_64';
  const factsAt = header.findIndex((line) => line.startsWith('# FACTS:'));
  const facts =
    factsAt < 0
      ? {}
      : parse(
          header
            .slice(factsAt + 1)
            .map((line) => line.slice(1))
            .join('\n'),
        );
  return { name, intent, host, facts, vm: parse(text) };
}

export function readRecording(host: string): QmpRecording {
  return JSON.parse(readFileSync(new URL(`hosts/${host}.json`, folder), 'utf8'));
}

// Debian 12's package ovmf, as its descriptors say.
export function readFirmware(): readonly FirmwareDescriptor[] {
  return JSON.parse(readFileSync(new URL('hosts/firmware-debian-12.json', folder), 'utf8'));
}

/** KubeVirt's shapes, as setup makes them. */
export function readSchemas(): Schemas {
  return JSON.parse(readFileSync(new URL('../../resources/generated/schemas.json', folder), 'utf8'));
}

const swtpmFeatures = ['tpm-1.2', 'tpm-2.0', 'cmdarg-seccomp', 'cmdarg-key-fd', 'cmdarg-pwd-fd'];

const identity = { resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' };
const uuids: DefaultingFacts = { uuid: '5ea1ab1e-0000-4000-8000-000000000001', architecture: 'amd64' };

/** The instance that a start of the machine would make, with every default. */
export function instanceOf({ vm }: GoldenCase): VirtualMachineInstance {
  const stored = { namespace: 'default', uid: '5ea1ab1e-0000-4000-8000-000000000002', ...identity };
  const machine = defaulted(resources.virtualMachines, { ...vm, metadata: { ...vm.metadata, ...stored } }, uuids);
  const run = vmiOfVm(machine, { paused: false });
  const metadata = { name: machine.metadata.name, ...run.metadata, uid: '5ea1ab1e-0000-4000-8000-000000000003', ...identity };
  return defaulted(resources.virtualMachineInstances, { ...run, metadata }, uuids);
}

export function defaultedAgain(vmi: VirtualMachineInstance): VirtualMachineInstance {
  return defaulted(resources.virtualMachineInstances, { ...vmi }, { ...uuids, uuid: '5ea1ab1e-0000-4000-8000-00000000dead' });
}

export interface CasePlaces {
  readonly runDir: string;
  readonly stateDir: string;
  /** Folder of the disk images. */
  readonly pool: string;
}

/** As the golden files show them. */
export const goldenPlaces: CasePlaces = { runDir: '/run/virtdeck/web', stateDir: '/state/web', pool: '/pool' };

export function launchFacts({ host, facts }: GoldenCase, vmi: VirtualMachineInstance, places: CasePlaces): LaunchFacts {
  const all = capabilities(readRecording(host));
  const types = new Set([...all.types].filter((type) => !(facts.without ?? []).includes(type)));
  const inUse = facts.accelerator ?? 'tcg';
  const { topology, threads, memory } = computerOf(facts);
  const computer: Omit<LaunchFacts['host'], 'qemu'> = {
    hostname: 'workstation',
    arch: 'amd64',
    cpus: { threads, model: 'Golden CPU', vendor: 'GoldenVendor' },
    memory,
    topology,
    ...(facts.realtime === undefined ? {} : { realtime: facts.realtime }),
    accelerator:
      inUse === 'kvm'
        ? { inUse, kvm: 'works', message: 'KVM works.' }
        : { inUse, kvm: 'absent', message: 'There is no /dev/kvm on this computer.' },
    firmware: facts.firmware ?? readFirmware(),
    ...(facts.swtpm === 'missing' ? {} : { swtpm: { program: '/usr/bin/swtpm', features: new Set(facts.swtpm ?? swtpmFeatures) } }),
    limits: facts.limits ?? { by: 'cgroup v2', can: ['memory', 'memoryHigh', 'swap', 'cpu', 'tasks'] },
    network: { ...noNetworks, privilege: 'root', ...facts.network },
  };
  const hostFacts = { ...computer, ...(facts.qemu === 'missing' ? {} : { qemu: { ...all, types } }) };
  return {
    host: hostFacts,
    placement: placementOf(hostFacts, facts),
    volumes: Object.fromEntries(
      [...(vmi.spec.volumes ?? []), ...wantedImages(vmi).filter(({ as }) => as === 'file')].flatMap(({ name }) =>
        volumeFact(name, facts, places),
      ),
    ),
    secrets: facts.secrets ?? {},
    attachments: facts.attachments ?? {},
    ...(facts.networkBoot === undefined ? {} : { networkBoot: facts.networkBoot }),
    ...(facts.contents === undefined ? {} : { contents: facts.contents }),
    unreadableFiles: new Set(facts.unreadableFiles),
    runDir: facts.runDir ?? places.runDir,
    stateDir: places.stateDir,
    vncCertificateDir: '/certificates/servers/vnc',
    takenPorts: new Set(facts.takenPorts),
    promisedMiB: facts.promisedMiB ?? 0,
  };
}

function volumeFact(name: string, { volumes = {} }: CaseFacts, { pool }: CasePlaces): readonly (readonly [string, VolumeFact])[] {
  const given: Partial<VolumeFact> = volumes[name] ?? {};
  const format = 'format' in given ? given.format : 'qcow2';
  const ready = { state: 'ready', path: `${pool}/${name}.${format}`, format: 'qcow2', virtualSizeBytes: 20 * 1024 ** 3, writable: true };
  if (given.state !== undefined && given.state !== 'ready')
    return given.state === ('unknown' as string) ? [] : [[name, given as VolumeFact]];
  return [[name, { ...ready, ...given } as VolumeFact]];
}
