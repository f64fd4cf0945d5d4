// Owns what may be asked of the privileged program, and the words in which the user is told before a password is asked for.
// Must not run it. native/helper judges every value again: nothing here is trusted there.

import { pathOf, type PreparationCommand, preparationCommands, type PreparationFile } from './preparation.ts';

export type PrivilegedRequest =
  /** A network interface of QEMU's, which only `owner` (a user id) can open. `mac`: frames from another address are dropped. */
  | {
      readonly verb: 'tap-create';
      readonly name: string;
      readonly owner: number;
      readonly bridge?: string;
      readonly vlan?: number;
      readonly mac?: string;
    }
  | { readonly verb: 'tap-delete'; readonly name: string }
  | { readonly verb: 'bridge-create'; readonly name: string; readonly vlanFiltering?: boolean }
  | { readonly verb: 'bridge-delete'; readonly name: string }
  | { readonly verb: 'bridge-attach'; readonly name: string; readonly bridge: string }
  | { readonly verb: 'bridge-detach'; readonly name: string }
  | { readonly verb: 'vlan-set' | 'vlan-clear'; readonly name: string; readonly vlan: number }
  | { readonly verb: 'memlock'; readonly pid: number; readonly bytes: number }
  /** `hugepages-keep`: at each boot; 0 not any more. */
  | { readonly verb: 'hugepages-set' | 'hugepages-keep'; readonly node?: number; readonly sizeKiB: number; readonly count: number }
  /** Merging of equal pages: 1 on, 0 off. */
  | { readonly verb: 'ksm-set'; readonly count: 0 | 1 }
  /**
   * The whole IOMMU group of the PCI device. `owner` (a user id) may open it then. `seconds`: a trial; unless it is kept in that time,
   * everything is as it was before, whatever becomes of us.
   */
  | { readonly verb: 'vfio-bind'; readonly address: string; readonly owner?: number; readonly seconds?: number }
  | { readonly verb: 'vfio-keep' | 'vfio-unbind'; readonly address: string }
  | { readonly verb: 'sriov-set'; readonly address: string; readonly count: number }
  /** `address`: a name below /sys/class/mdev_bus. `owner` (a user id) may open it, and have it removed. */
  | { readonly verb: 'mdev-create'; readonly address: string; readonly type: string; readonly uuid: string; readonly owner: number }
  | { readonly verb: 'mdev-remove'; readonly uuid: string }
  /** `untilClosed`: as it was before as soon as whoever opens its VFIO group has closed it. */
  | ({ readonly verb: 'sriov-vf-set'; readonly address: string; readonly untilClosed?: boolean } & VirtualFunctionSettings)
  /** `before`: CRC-32 of the file as it was shown; absent: there was none. The text goes behind the request. */
  | {
      readonly verb: 'file-write';
      readonly file: PreparationFile;
      readonly entry?: string;
      readonly before?: number;
      readonly content: string;
    }
  /** The number of a backup. */
  | { readonly verb: 'file-restore'; readonly backup: number }
  | { readonly verb: 'bootloader-update' | 'initramfs-update'; readonly command: PreparationCommand; readonly argument?: string };

/** What a card holds one of its virtual functions to. What is absent stays as it is. */
export interface VirtualFunctionSettings {
  /** All zero: the guest, or whoever drives it, chooses. */
  readonly mac?: string;
  /** 0: none; the function may tag frames itself then. */
  readonly vlan?: number;
  /** Priority of its frames in the VLAN, 0 to 7. */
  readonly qos?: number;
  /** Frames from any other address are dropped. */
  readonly spoofCheck?: boolean;
  /** It may change its address and listen to everything. */
  readonly trust?: boolean;
  /** 0 as the card's own, 1 always up, 2 always down. */
  readonly linkState?: 0 | 1 | 2;
}

/** One sentence that goes on after "An administrator's password is asked for:". */
export function privilegedWords(request: PrivilegedRequest): string {
  switch (request.verb) {
    case 'tap-create': {
      const port = request.bridge === undefined ? '' : ` and put it on the bridge ${request.bridge}`;
      const vlan = request.vlan === undefined ? '' : `, VLAN ${request.vlan}`;
      const only = request.mac === undefined ? '' : `, for the address ${request.mac} alone`;
      return `make the network interface ${request.name}${port}${vlan}${only}`;
    }
    case 'tap-delete':
      return `remove the network interface ${request.name}`;
    case 'bridge-create':
      return `make the bridge ${request.name}${request.vlanFiltering === true ? ', which keeps VLANs apart' : ''}`;
    case 'bridge-delete':
      return `remove the bridge ${request.name}`;
    case 'bridge-attach':
      return `put the network interface ${request.name} on the bridge ${request.bridge}`;
    case 'bridge-detach':
      return `take the network interface ${request.name} off its bridge`;
    case 'vlan-set':
      return `put the network interface ${request.name} into VLAN ${request.vlan}`;
    case 'vlan-clear':
      return `take the network interface ${request.name} out of VLAN ${request.vlan}`;
    case 'memlock':
      return `let process ${request.pid} lock ${Math.ceil(request.bytes / 1024 ** 2)} MiB of memory`;
    case 'hugepages-set': {
      const where = request.node === undefined ? '' : ` on memory node ${request.node}`;
      return `keep ${request.count} huge pages of ${request.sizeKiB} KiB${where}`;
    }
    case 'hugepages-keep': {
      const where = request.node === undefined ? '' : ` on memory node ${request.node}`;
      if (request.count === 0) return `reserve no huge pages of ${request.sizeKiB} KiB${where} at each start of the computer any more`;
      return `reserve ${request.count} huge pages of ${request.sizeKiB} KiB${where} at each start of the computer`;
    }
    case 'ksm-set':
      return request.count === 1 ? 'have the kernel merge equal pages of memory' : 'have the kernel merge no more pages of memory';
    case 'vfio-bind': {
      const trial = request.seconds === undefined ? '' : `, and take them back after ${request.seconds} seconds unless you keep them`;
      return `hand the PCI device ${request.address} and its IOMMU group to virtual machines${trial}`;
    }
    case 'vfio-keep':
      return `leave the PCI device ${request.address} with virtual machines until the computer restarts`;
    case 'vfio-unbind':
      return `give the PCI device ${request.address} and its IOMMU group back to this computer`;
    case 'sriov-set':
      return `set the virtual functions of the PCI device ${request.address} to ${request.count}`;
    case 'mdev-create':
      return `make a mediated device of type ${request.type} of ${request.address} for virtual machines`;
    case 'mdev-remove':
      return `remove the mediated device ${request.uuid}`;
    case 'sriov-vf-set':
      return `set the virtual function ${request.address} to ${functionWords(request)}${request.untilClosed === true ? ', until its machine ends' : ''}`;
    case 'file-write':
      return `write ${pathOf(request)}, as it was shown`;
    case 'file-restore':
      return `put back the file of backup ${request.backup}, as it was before`;
    case 'bootloader-update':
    case 'initramfs-update':
      return `run: ${preparationCommands[request.command]}${request.argument ?? ''}`;
  }
}

const linkStates = ['as its card', 'always up', 'always down'] as const;

/** `02:…, VLAN 100, spoof checking on`. */
function functionWords({ mac, vlan, qos, spoofCheck, trust, linkState }: VirtualFunctionSettings): string {
  const onOff = (on: boolean): string => (on ? 'on' : 'off');
  const parts = [
    mac === undefined ? undefined : mac === noMac ? 'no address of its own' : `the address ${mac}`,
    vlan === undefined ? undefined : vlan === 0 ? 'no VLAN' : `VLAN ${vlan}`,
    qos === undefined || qos === 0 ? undefined : `priority ${qos}`,
    spoofCheck === undefined ? undefined : `spoof checking ${onOff(spoofCheck)}`,
    trust === undefined ? undefined : `trust ${onOff(trust)}`,
    linkState === undefined ? undefined : `link ${linkStates[linkState]}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** What iproute2 and sriov-cni call them; the numbers are the kernel's. */
export const functionLinkStates = { auto: 0, enable: 1, disable: 2 } as const;

/** Of a virtual function that its card holds to none. */
export const noMac = '00:00:00:00:00:00';
