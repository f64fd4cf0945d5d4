// Owns how large a machine is: processors and memory, read as the core reads them.
// Must not default anything beyond what KubeVirt defaults.
import type { VirtualMachineInstanceSpec } from '../../electron/api/kinds/virtual-machine-instance.ts';
import { mebibytesOf, milliOf } from '../../electron/api/quantity.ts';

export interface MachineSize {
  readonly vcpus: number;
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
  readonly memoryMiB?: number;
}

export function machineSize(spec: VirtualMachineInstanceSpec | undefined): MachineSize {
  const { cpu, memory, resources } = spec?.domain ?? {};
  const { requests, limits } = (resources ?? {}) as { requests?: Quantities; limits?: Quantities };
  const { sockets = 1, cores = 1, threads = 1 } = cpu ?? {};
  const given = cpu?.sockets !== undefined || cpu?.cores !== undefined || cpu?.threads !== undefined;
  const asked = milliOf(limits?.cpu ?? requests?.cpu);
  const memoryMiB = mebibytesOf(memory?.guest ?? requests?.memory ?? limits?.memory);
  // Without a topology KubeVirt makes one socket per whole CPU asked for.
  if (!given && asked !== undefined) {
    const count = Math.max(1, Math.ceil(asked / 1000));
    return { vcpus: count, sockets: count, cores: 1, threads: 1, memoryMiB };
  }
  return { vcpus: sockets * cores * threads, sockets, cores, threads, memoryMiB };
}

interface Quantities {
  readonly cpu?: string | number;
  readonly memory?: string | number;
}
