// Owns what a machine is charged: what the scheduler sets aside for it and what counts against a quota.
// Must not know how much there is. The rules are KubeVirt's for its launcher pod (pkg/virt-controller/services/renderresources.go).
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { bytesOf } from '../../api/quantity.ts';
import { hostDeviceOptions } from '../devices/device-options.ts';
import { functionCardName, functionCards, functionResource, type NetworkResources } from '../devices/function-cards.ts';
import { guestMemory } from '../qemu/devices/memory.ts';
import { ownIoThreads } from '../qemu/io-threads.ts';
import { topologyOf } from '../qemu/topology.ts';
import { cpuRequestMilli, givenTo } from '../quota/given-amounts.ts';
import { type Amounts, amountsOf } from './amounts.ts';
import { overheadMiB } from './overhead.ts';

export interface Charge {
  readonly requests: Amounts;
  /** Only what the machine sets a limit on. */
  readonly limits: Amounts;
}

/** What a charge depends on beside the machine. */
export interface ChargeFacts {
  readonly accelerator: 'kvm' | 'tcg';
  readonly networkResources: NetworkResources;
}

const mebibyte = 1024 * 1024;
const evenParity = 'alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity';

export function chargeOf(vmi: VirtualMachineInstance, { accelerator, networkResources }: ChargeFacts): Charge {
  const { domain } = vmi.spec;
  const given = { requests: amountsOf(domain.resources?.requests), limits: amountsOf(domain.resources?.limits) };
  const overhead = overheadMiB(vmi, accelerator) * mebibyte;
  const memory = memoryCharge(vmi, given, overhead);
  const cpu = cpuCharge(vmi, given);
  const devices = deviceCounts(vmi, networkResources);
  return {
    requests: { ...given.requests, ...cpu.requests, ...memory.requests, ...devices },
    limits: { ...given.limits, ...cpu.limits, ...memory.limits, ...devices },
  };
}

/** Guaranteed for whole cores: request and limit are the same number (KubeVirt demands it; here it follows from the vCPUs). */
function cpuCharge(vmi: VirtualMachineInstance, { requests, limits }: Charge): Charge {
  const { cpu } = vmi.spec.domain;
  const vcpuMilli = topologyOf(vmi).vcpus * 1000;
  if (cpu?.dedicatedCpuPlacement === true) {
    const whole = vcpuMilli + ownIoThreads(vmi) * 1000 + emulatorMilli(vmi, vcpuMilli);
    return { requests: { cpu: whole }, limits: { cpu: whole } };
  }
  const limit = limits['cpu'];
  const request = requests['cpu'] ?? cpuRequestMilli(vmi, givenTo(vmi));
  return { requests: { cpu: request }, limits: limit === undefined ? {} : { cpu: limit } };
}

/** One processor for QEMU itself, or what makes the sum even where KubeVirt's annotation asks for it: whole cores of two threads. */
function emulatorMilli({ metadata, spec }: VirtualMachineInstance, vcpuMilli: number): number {
  if (spec.domain.cpu?.isolateEmulatorThread !== true) return 0;
  const isCompleted = metadata.annotations?.[evenParity] !== undefined;
  return isCompleted && vcpuMilli % 2000 === 0 ? 2000 : 1000;
}

function memoryCharge(vmi: VirtualMachineInstance, { requests, limits }: Charge, overhead: number): Charge {
  const { memory, resources } = vmi.spec.domain;
  const guest = (guestMemory(vmi)?.mib ?? 0) * mebibyte;
  const limit = limits['memory'];
  const pageSize = memory?.hugepages?.pageSize;
  if (pageSize !== undefined && bytesOf(pageSize) !== undefined) {
    // The guest lives in the pool; ordinary memory is for the processes, and what was asked for above the guest is theirs.
    const pool = { [`hugepages-${pageSize}`]: guest };
    const beside = (asked = guest): { readonly memory: number } => ({ memory: overhead + Math.max(0, asked - guest) });
    return {
      requests: { ...pool, ...beside(requests['memory']) },
      limits: { ...pool, ...(limit === undefined ? {} : beside(limit)) },
    };
  }
  const request = requests['memory'] ?? guest;
  return {
    // Told to leave it out, the request has no overhead; a limit always has, or the machine would be ended by it.
    requests: { memory: request + (resources?.overcommitGuestOverhead === true ? 0 : overhead) },
    limits: limit === undefined ? {} : { memory: limit + overhead },
  };
}

function deviceCounts(vmi: VirtualMachineInstance, networkResources: NetworkResources): Amounts {
  const { devices } = vmi.spec.domain;
  const { gpus = [], hostDevices = [] } = devices;
  // KubeVirt asks for a network's resource whatever binds to it; here nothing but a virtual function is taken from anybody.
  const functions = functionCards(devices).map(({ card }) => ({
    name: functionCardName(card.name),
    deviceName: functionResource(vmi, { card }, networkResources),
  }));
  const { options } = hostDeviceOptions(vmi.metadata.annotations);
  const counts: Record<string, number> = {};
  for (const { name, deviceName } of [...gpus, ...hostDevices, ...functions]) {
    // What it may go without is not set aside for it.
    if (deviceName !== undefined && options[name]?.optional !== true) counts[deviceName] = (counts[deviceName] ?? 0) + 1;
  }
  return counts;
}
