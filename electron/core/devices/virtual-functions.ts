// Owns whether a card may have another number of virtual functions, and by which numbers the kernel gets there.
// Must not set it; the privileged program does.
import type { Cause } from '../../api/errors.ts';
import type { HostDeviceFacts, PciAddress, PciDevice } from '../../api/host-devices.ts';
import { isVital } from './groups.ts';

export interface FunctionsWish {
  readonly address: PciAddress;
  readonly count: number;
}

export interface FunctionsPlan {
  /** Set one after the other: the kernel goes from one number to another by way of 0. */
  readonly steps: readonly number[];
  readonly causes: readonly Cause[];
}

export interface FunctionsFacts extends Pick<HostDeviceFacts, 'pci'> {
  /** Device → `namespace/name` of the machine that has it. */
  readonly held: ReadonlyMap<string, string>;
}

export function functionsPlan({ pci, held }: FunctionsFacts, { address, count }: FunctionsWish): FunctionsPlan {
  const device = pci.find((one) => one.address === address);
  if (device === undefined) return refused(cause('address', `This computer has no PCI device ${address}.`, 'See: virtdeck devices'));
  const { sriov } = device;
  if (sriov === undefined) {
    return refused(cause('address', `The device ${address} has no virtual functions.`, 'Choose a card that has SR-IOV.'));
  }
  if (!Number.isInteger(count) || count < 0 || count > sriov.totalvfs) {
    return refused(cause('count', `The card ${address} has 0 to ${sriov.totalvfs} virtual functions.`, 'Choose a number between them.'));
  }
  if (count === sriov.numvfs) return { steps: [], causes: [] };
  const causes = sriov.vfs.flatMap((vf) => [...heldCauses(vf, held), ...useCauses(vf, pci)]);
  if (causes.length > 0) return { steps: [], causes };
  return { steps: sriov.numvfs > 0 && count > 0 ? [0, count] : [count], causes };
}

function heldCauses(vf: PciAddress, held: FunctionsFacts['held']): readonly Cause[] {
  const holder = held.get(vf);
  if (holder === undefined) return [];
  const [namespace = '', name = ''] = holder.split('/');
  const message = `The virtual function ${vf} is in use by the machine ${holder}.`;
  return [
    {
      ...cause('count', message, 'Stop the machine first.'),
      reason: 'HostDeviceInUse',
      actions: [{ type: 'StopMachine', namespace, name }],
    },
  ];
}

function useCauses(vf: PciAddress, pci: readonly PciDevice[]): readonly Cause[] {
  const uses = pci.find(({ address }) => address === vf)?.hostUses.filter(isVital) ?? [];
  return uses.map(({ detail }) => ({
    ...cause('count', `This computer uses the virtual function ${vf} (${detail}).`, 'Let it use another device for that first.'),
    reason: 'HostUses',
  }));
}

function refused(one: Cause): FunctionsPlan {
  return { steps: [], causes: [one] };
}

function cause(field: string, message: string, fix: string): Cause {
  return { reason: 'FieldValueInvalid', field, message, fix };
}
