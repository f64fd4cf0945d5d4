// Owns who uses a name of the allow list: machines that have a device by it now, and machines whose definition names it.
// Must not decide who may.
import type { OfferedResource } from '../../../electron/api/host-devices.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';

export interface MachineUse {
  readonly namespace: string;
  readonly name: string;
  /** It has a device by this name now. */
  readonly isHolding: boolean;
}

export function machinesUsing(
  resourceName: string,
  { resources, machines }: { readonly resources: readonly OfferedResource[]; readonly machines: readonly VirtualMachine[] },
): readonly MachineUse[] {
  const holders = new Set(resources.find(({ name }) => name === resourceName)?.devices.flatMap(({ usedBy }) => usedBy ?? []));
  const naming = machines.filter((vm) => names(vm).includes(resourceName)).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return [...new Set([...holders, ...naming])].toSorted().map((key) => {
    const [namespace = '', name = ''] = key.split('/');
    return { namespace, name, isHolding: holders.has(key) };
  });
}

function names({ spec }: VirtualMachine): readonly string[] {
  const { gpus = [], hostDevices = [] } = spec.template.spec?.domain.devices ?? {};
  return [...gpus, ...hostDevices].flatMap(({ deviceName }) => deviceName ?? []);
}
