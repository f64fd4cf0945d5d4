// Owns the names of the parts of a machine's manifest that the families speak of.
// Must not add a field: they are KubeVirt's own types.
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';

export type Domain = VirtualMachineInstanceSpec['domain'];
export type Devices = Domain['devices'];
export type Clock = NonNullable<Domain['clock']>;
export type Features = NonNullable<Domain['features']>;
export type Cpu = NonNullable<Domain['cpu']>;
export type CpuFeature = NonNullable<Cpu['features']>[number];
export type Disk = NonNullable<Devices['disks']>[number];
export type Interface = NonNullable<Devices['interfaces']>[number];
export type Network = NonNullable<VirtualMachineInstanceSpec['networks']>[number];
export type Volume = NonNullable<VirtualMachineInstanceSpec['volumes']>[number];
export type CloudInit = NonNullable<Volume['cloudInitNoCloud']>;
