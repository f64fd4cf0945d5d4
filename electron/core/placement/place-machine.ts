// Owns the whole answer for one machine: on which node, on which processors, from which memory; or every reason why not.
// Must not write it down; the engine does, in the turn in which it asked.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { ownIoThreads } from '../qemu/io-threads.ts';
import { topologyOf } from '../qemu/topology.ts';
import { asksForDevices, assignDevices, type DeviceFacts, noDevices } from '../devices/assignment.ts';
import { candidateOf } from './candidate.ts';
import type { ChargeFacts } from './charge.ts';
import { type OwnCpus, cpusOf, giveCores, sharedCpus } from './cores.ts';
import type { PlacementDomain } from './domains.ts';
import { type PlacementDecision, place } from './place.ts';
import type { PlacementWorld, Refusal } from './world.ts';

export interface PlacementFacts {
  readonly world: PlacementWorld;
  readonly domains: readonly PlacementDomain[];
  /** `namespace/name` of each other machine → processors it has for itself. */
  readonly held: ReadonlyMap<string, readonly number[]>;
  /** Devices of this computer; absent where nobody asks for any. */
  readonly devices?: DeviceFacts;
}

/** Where a machine's threads and memory may be. */
export interface Binding {
  /** Name of its Node. */
  readonly node: string;
  /** Processors of every thread that has none of its own; undefined: wherever this computer likes. */
  readonly cpus?: readonly number[];
  /** One for each vCPU, pinned before the first instruction. */
  readonly own?: OwnCpus;
  /** Empty: from anywhere. */
  readonly memoryNodes: readonly number[];
}

export interface MachinePlacement {
  readonly binding?: Binding;
  readonly causes: readonly Cause[];
  /** kube-scheduler's sentence, when no node would do. */
  readonly message?: string;
}

export function placeMachine(vmi: VirtualMachineInstance, given: PlacementFacts, accelerator: 'kvm' | 'tcg'): MachinePlacement {
  const facts = whereDevicesAre(vmi, given);
  const candidate = candidateOf(vmi, chargeFactsOf(facts, accelerator));
  const { cpu } = vmi.spec.domain;
  if (cpu?.dedicatedCpuPlacement !== true) {
    const decision = place(candidate, facts.world);
    return decision.node === undefined ? refused(decision) : { binding: sharedBinding(decision.node, facts), causes: [] };
  }
  const { vcpus, threads } = topologyOf(vmi);
  const wanted = { vcpus, threads, ioThreads: ownIoThreads(vmi), isolateEmulator: cpu.isolateEmulatorThread === true };
  const cores = new Map(
    facts.domains.map((domain) => {
      const asked = { ...wanted, hasNeighbours: hasNeighbours(domain, facts) };
      return [domain.name, giveCores(domain, facts.held, asked)] as const;
    }),
  );
  const short = [...cores].filter(([, answer]) => !answer.ok).map(([name]) => name);
  // The ledger is a filter like the others: a node without free cores is not chosen.
  const decision = place(candidate, { ...facts.world, nodes: facts.world.nodes.filter(({ name }) => !short.includes(name)) });
  const answer = decision.node === undefined ? undefined : cores.get(decision.node);
  if (decision.node !== undefined && answer?.ok === true) {
    const { cpus, memoryNodes } = sharedBinding(decision.node, facts, cpusOf(answer.cpus));
    const emulator = answer.cpus.emulator ?? cpus;
    return {
      binding: { node: decision.node, memoryNodes, own: answer.cpus, ...(emulator === undefined ? {} : { cpus: emulator }) },
      causes: [],
    };
  }
  const whole = place(candidate, facts.world);
  return {
    ...refused(whole),
    causes: [...refused(whole).causes, ...[...cores.values()].flatMap((one) => (one.ok ? [] : [one.cause]))],
    message: whole.message ?? `0/${facts.world.nodes.length} nodes are available: ${short.length} Insufficient cpu.`,
  };
}

export function chargeFactsOf({ devices = noDevices }: PlacementFacts, accelerator: 'kvm' | 'tcg'): ChargeFacts {
  return { accelerator, networkResources: devices.networkResources };
}

/** A node that has the devices, where there is one; where there is none, that is told by their family and not by each node. */
function whereDevicesAre(vmi: VirtualMachineInstance, facts: PlacementFacts): PlacementFacts {
  const { devices, world } = facts;
  if (devices === undefined || !asksForDevices(vmi.spec)) return facts;
  const nodes = world.nodes.filter(({ name }) => assignDevices(vmi, devices, name).causes.length === 0);
  return nodes.length === 0 ? facts : { ...facts, world: { ...world, nodes } };
}

function hasNeighbours({ name }: PlacementDomain, { world, held }: PlacementFacts): boolean {
  return world.machines.some((machine) => machine.node === name && !held.has(`${machine.namespace}/${machine.name}`));
}

function sharedBinding(node: string, { domains, held }: PlacementFacts, own: readonly number[] = []): Binding {
  const domain = domains.find(({ name }) => name === node);
  if (domain === undefined) return { node, memoryNodes: [] };
  const taken = [...held.values(), own];
  const shared = sharedCpus(domain, taken);
  // Where the domain is all of the computer and nobody holds a core, there is nothing to be bound to: the kernel keeps off isolated ones by itself.
  const isFree = domain.part === '' && taken.every((cpus) => cpus.length === 0);
  return { node, memoryNodes: domain.memoryNodes, ...(isFree ? {} : { cpus: shared }) };
}

function withActions({ cause, actions }: Refusal): Cause {
  const offered = actions?.() ?? [];
  return offered.length === 0 ? cause : { ...cause, actions: offered };
}

function refused({ verdicts, message }: PlacementDecision): MachinePlacement {
  const causes = verdicts.flatMap(({ refusals }) => refusals.map(withActions));
  if (verdicts.length > 0 || causes.length > 0) return { causes, ...(message === undefined ? {} : { message }) };
  return {
    causes: [{ reason: 'NoNodes', field: 'spec.domain', message: 'This computer has no node to run machines on.', fix: 'See Nodes.' }],
    ...(message === undefined ? {} : { message }),
  };
}
