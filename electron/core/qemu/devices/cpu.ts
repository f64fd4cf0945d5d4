// Owns the processor: its model, its features by policy, its topology, and what it tells Windows (Hyper-V).
// Must not choose a node by them; placement does.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { featureName } from '../../cpu/feature-names.ts';
import type { CpuModel, HostFacts } from '../../facts.ts';
import { keyedOption } from '../args.ts';
import type { Family, Fragment } from '../fragment.ts';
import type { Binding } from '../../placement/place-machine.ts';
import { type Topology, topologyOf } from '../topology.ts';
import { type CpuFlags, featurePolicies } from './cpu-features.ts';
import { hypervFlags } from './cpu-hyperv.ts';
import { defaultMachine, machineTypeOf } from './machine.ts';
import { realtimeFlags } from './realtime.ts';

export const cpuFamily: Family = (vmi, { host, binding }) => {
  const model = modelOf(vmi, host);
  const policies = featurePolicies(vmi, host);
  const enlightenments = hypervFlags(vmi, host.accelerator.inUse);
  const topology = topologyOf(vmi);
  const { sockets, maxSockets, cores, threads, vcpus, field } = topology;
  // QEMU counts the sockets that are still empty, too.
  const room = maxSockets === sockets ? {} : { maxcpus: maxSockets * cores * threads };
  const flags = {
    ...model.flags,
    ...kvmFlags(vmi, host),
    ...realtimeFlags(vmi, host.accelerator.inUse),
    ...policies.flags,
    ...enlightenments.flags,
  };
  return {
    args: [
      keyedOption('-cpu', { head: model.name, pairs: flags }, { field: 'spec.domain.cpu.model', reason: model.reason }),
      keyedOption('-smp', { pairs: { cpus: vcpus, ...room, sockets: maxSockets, cores, threads } }, { field }),
    ],
    causes: [
      ...missingFeatures(model, policies.flags),
      ...policies.causes,
      ...enlightenments.causes,
      ...tooMany(vmi, maxSockets * cores * threads, host),
    ],
    warnings: [...enlightenments.warnings, ...crowded(vcpus, field, host), ...foldedCores(topology, binding, host)],
    passed: [...(vcpus <= host.cpus.threads ? [`${vcpus} of ${host.cpus.threads} processor threads.`] : []), ...model.passed],
  };
};

interface ChosenModel {
  readonly name: string;
  readonly flags: CpuFlags;
  readonly reason: string;
  /** What a named model lacks here, by QEMU's own account. */
  readonly row?: CpuModel;
  readonly causes: readonly Cause[];
  readonly passed: readonly string[];
}

const field = 'spec.domain.cpu.model';

function modelOf(vmi: VirtualMachineInstance, host: HostFacts): ChosenModel {
  const { model: asked = 'host-model', features = [] } = vmi.spec.domain.cpu ?? {};
  // With `enforce` QEMU ends instead of quietly leaving features out; `force` asks for exactly that leaving out.
  const isForced = features.some(({ policy }) => policy === 'force');
  const enforce: CpuFlags = isForced ? {} : { enforce: true };
  if (asked === 'host-passthrough' || asked === 'host-model') {
    return host.accelerator.inUse === 'kvm' ? acceleratedHost(asked, enforce, host) : emulatedHost(asked, topologyOf(vmi).threads);
  }
  const row = host.qemu?.cpuModels[host.accelerator.inUse].find(({ name }) => name === asked);
  return {
    name: asked,
    flags: enforce,
    reason: isForced ? 'Features that are forced may be missing.' : 'QEMU refuses to start when a feature of the model is missing.',
    ...(row === undefined ? {} : { row }),
    causes: row === undefined && host.qemu !== undefined ? [unknownModel(asked, host)] : [],
    passed: row?.unavailableFeatures.length === 0 ? [`The processor model ${asked} runs here.`] : [],
  };
}

function acceleratedHost(asked: string, enforce: CpuFlags, { qemu }: HostFacts): ChosenModel {
  const model = qemu?.hostModel.kvm;
  if (asked === 'host-passthrough' || model === undefined) {
    return { name: 'host', flags: {}, reason: 'The processor of this computer, as it is.', causes: [], passed: [] };
  }
  const { name, added, removed } = model;
  const switched = (on: boolean) => (feature: string) => [feature, on] as const;
  return {
    name,
    flags: { ...enforce, ...Object.fromEntries([...added.map(switched(true)), ...removed.map(switched(false))]) },
    reason: 'host-model: the closest to the processor of this computer of the models that QEMU knows by name, and where the two differ.',
    causes: [],
    passed: [`host-model is ${name} here, with ${added.length} features more and ${removed.length} fewer.`],
  };
}

function emulatedHost(asked: string, threads: number): ChosenModel {
  // Emulated, "what this host has" is what QEMU can emulate: `max`, which reaches x86-64-v3 and so runs every current
  // distribution; qemu64 and the older named models stop at v1 or v2. Five-level page tables are off: they make each walk of an
  // emulated MMU a level longer, and no guest has 64 TiB. So are fast strings: QEMU emulates `rep stosb` byte by byte, and a guest
  // that believes the flag clears each page in 4096 steps instead of 64. Both flags: newer QEMU has the short ones, too, and Linux
  // spins for ever on a processor that has those alone.
  const emulable: CpuFlags = { la57: false, erms: false, fsrm: false };
  return {
    name: 'max',
    // `max` says that it is an AMD, which spares guests the page-table isolation that Intel's flaws need, costly when emulated. But
    // AMD's way to tell threads from cores (topoext) is not emulated: only where threads are asked for it must be an Intel.
    flags: threads > 1 ? { ...emulable, vendor: 'GenuineIntel' } : emulable,
    reason: `Emulation has no ${asked}: every feature that QEMU can emulate stands in for it.`,
    causes: [],
    passed: [],
  };
}

function unknownModel(asked: string, host: HostFacts): Cause {
  const runnable = host.qemu?.cpuModels[host.accelerator.inUse].filter(
    ({ name, unavailableFeatures }) => unavailableFeatures.length === 0 && !/-v\d+$/.test(name),
  );
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `QEMU knows no processor model ${asked}.`,
    fix: `Use host-model, or one of ${(runnable ?? []).map(({ name }) => name).join(', ')}.`,
  };
}

/** What the manifest disables is not missed; what it forces is left out by QEMU where it cannot be. */
function missingFeatures({ name, row, causes }: ChosenModel, flags: CpuFlags): readonly Cause[] {
  const missing = row?.unavailableFeatures.filter((feature) => flags[featureName(feature)] === undefined) ?? [];
  if (missing.length === 0) return causes;
  return [
    ...causes,
    {
      reason: 'CpuModelUnavailable',
      field,
      message: `The processor model ${name} needs ${missing.join(', ')}, which guests cannot have here.`,
      fix: 'Use host-model, or disable these features under spec.domain.cpu.features.',
    },
  ];
}

function kvmFlags(vmi: VirtualMachineInstance, { accelerator }: HostFacts): CpuFlags {
  const { features, clock } = vmi.spec.domain;
  if (accelerator.inUse === 'tcg') return {};
  return {
    ...(features?.kvm?.hidden === true ? { kvm: false } : {}),
    ...(features?.pvspinlock?.enabled === false ? { 'kvm-pv-unhalt': false } : {}),
    ...(clock?.timer?.kvm?.present === undefined ? {} : { kvmclock: clock.timer.kvm.present }),
    ...(features?.apic?.endOfInterrupt === true ? { 'kvm-pv-eoi': true } : {}),
  };
}

function tooMany(vmi: VirtualMachineInstance, vcpus: number, { qemu }: HostFacts): readonly Cause[] {
  const type = machineTypeOf(vmi.spec.domain.machine?.type ?? defaultMachine, qemu);
  if (type === undefined || vcpus <= type.cpuMax) return [];
  return [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.domain.cpu',
      message: `${vcpus} vCPUs are too many: ${type.name} takes ${type.cpuMax}.`,
      fix: `Ask for ${type.cpuMax} or fewer.`,
    },
  ];
}

function crowded(vcpus: number, from: string, { cpus }: HostFacts): NonNullable<Fragment['warnings']> {
  if (vcpus <= cpus.threads) return [];
  return [
    {
      reason: 'CpuOvercommitted',
      field: from,
      message: `${vcpus} vCPUs share ${cpus.threads} processor threads of this computer.`,
      fix: `Ask for ${cpus.threads} or fewer: more make the guest slower, not faster.`,
    },
  ];
}

/** Threads of one core share it: a guest that takes them for cores puts two busy tasks on one of them while another is idle. */
function foldedCores({ threads, vcpus }: Topology, { own }: Binding, { topology }: HostFacts): readonly Cause[] {
  if (own === undefined || threads > 1) return [];
  const cores = new Set(own.vcpus.map((id) => topology.cpus.find((cpu) => cpu.id === id)?.siblings[0] ?? id));
  if (cores.size === own.vcpus.length || vcpus % 2 === 1) return [];
  return [
    {
      reason: 'ThreadsSeenAsCores',
      field: 'spec.domain.cpu.threads',
      message: `The guest sees ${vcpus} cores; they are the threads of ${cores.size} cores of this computer.`,
      fix: 'Set threads to 2 and halve the cores: the guest then knows which of its vCPUs share a core.',
    },
  ];
}
