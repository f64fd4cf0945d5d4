// Owns the list of rules of a VirtualMachineInstance's spec. A new concern is a new file and a line here.
// Must not hold any rule.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../../api/kinds/virtual-machine-instance.ts';
import { interfaces, uniqueMacs } from '../network/interfaces.ts';
import { networkRules } from '../network/networks.ts';
import { affinity } from '../scheduling/affinity.ts';
import { topologySpread } from '../scheduling/topology-spread.ts';
import { disks } from '../storage/disks.ts';
import { singleVolumes, volumeForEveryDisk, volumes } from '../storage/volumes.ts';
import { bootOrder } from './boot-order.ts';
import { cpuRules } from './cpu.ts';
import { accessCredentials } from './credentials.ts';
import { dedicatedCpu } from './dedicated-cpu.ts';
import { deviceRules } from './devices.ts';
import { dnsRules } from './dns.ts';
import { firmwareRules } from './firmware.ts';
import { hostOptionRules } from './host-options.ts';
import { hypervRules } from './hyperv.ts';
import { memoryRules } from './memory.ts';
import type { SpecRule } from './spec-rule.ts';

const rules: readonly SpecRule[] = [
  ...memoryRules,
  ...cpuRules,
  dedicatedCpu,
  ...firmwareRules,
  ...hypervRules,
  disks,
  volumes,
  singleVolumes,
  volumeForEveryDisk,
  bootOrder,
  ...networkRules,
  interfaces,
  uniqueMacs,
  ...deviceRules,
  ...hostOptionRules,
  ...dnsRules,
  accessCredentials,
  affinity,
  topologySpread,
];

/** Everything that is wrong with the spec of a machine, wherever it stands. */
export function specCauses(spec: VirtualMachineInstanceSpec, path: string): Cause[] {
  return rules.flatMap((rule) => rule(spec, path));
}
