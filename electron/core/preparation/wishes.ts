// Owns what is wanted of this computer's preparation: devices that the user picked and MachineConfigs, checked against what there is.
// Must not look at how the computer starts; plan.ts does.
import type { Cause } from '../../api/errors.ts';
import type { HostDeviceFacts, HostUse, PciAddress, PciDevice } from '../../api/host-devices.ts';
import type { IgnitionFile, MachineConfig } from '../../api/kinds/machine-config.ts';
import { preparationFiles, type PreparationFile } from '../../api/preparation.ts';
import { deviceGroups, groupOf, isVital, movedTogether } from '../devices/groups.ts';
import { dataUrlText } from './data-url.ts';
import { isKernelArgument } from './kernel-arguments.ts';
import type { DeviceToBind, PreparationWishes } from './preparation-facts.ts';

export interface Wished {
  readonly wishes: PreparationWishes;
  readonly causes: readonly Cause[];
  readonly remarks: readonly string[];
}

export interface Wanting {
  readonly devices: readonly PciAddress[];
  readonly machineConfigs: readonly MachineConfig[];
}

/** Files that a MachineConfig may bring; all others are said to have no effect. */
const honouredFiles: readonly PreparationFile[] = ['modprobe-vfio', 'modules-load-vfio'];

export function wishesOf({ devices, machineConfigs }: Wanting, { pci }: Pick<HostDeviceFacts, 'pci'>): Wished {
  const groups = deviceGroups({ pci });
  const moved = [...new Set(devices.flatMap((address) => movedWith(groupOf(groups, address), address)))].toSorted();
  const found = moved.flatMap((address) => pci.filter((device) => device.address === address));
  // The operator merges by name, and later names win.
  const configs = machineConfigs.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  const files = configs.flatMap(filesOf);
  const kernelArguments = [...new Set(configs.flatMap(({ spec }) => spec.kernelArguments ?? []))];
  const honoured = kernelArguments.filter(isKernelArgument);
  const wantsIommu =
    moved.length > 0 || files.some(({ file }) => file !== undefined) || honoured.some((argument) => /iommu|vfio/.test(argument));
  return {
    wishes: {
      devices: found.map((device) => toBind(device, { pci, moved })),
      kernelArguments: honoured,
      files: Object.fromEntries(files.flatMap(({ file, text }) => (file === undefined || text === undefined ? [] : [[file, text]]))),
      wantsIommu,
    },
    causes: [...unknownDevices(devices, pci), ...hostDevices(found)],
    remarks: [
      ...kernelArguments
        .filter((argument) => !isKernelArgument(argument))
        .map(
          (argument) =>
            `The kernel argument ${JSON.stringify(argument)} has no effect here: only arguments for passthrough and memory are added.`,
        ),
      ...files.flatMap(({ remark }) => (remark === undefined ? [] : [remark])),
    ],
  };
}

function movedWith(group: ReturnType<typeof groupOf>, address: PciAddress): readonly PciAddress[] {
  return group === undefined ? [address] : movedTogether(group);
}

interface Neighbours {
  readonly pci: readonly PciDevice[];
  readonly moved: readonly PciAddress[];
}

function toBind(device: PciDevice, { pci, moved }: Neighbours): DeviceToBind {
  const id = idOf(device);
  return {
    address: device.address,
    id,
    drivers: device.candidateDrivers.filter((driver) => !driver.startsWith('vfio')),
    hasTwin: pci.some((other) => idOf(other) === id && !moved.includes(other.address)),
  };
}

export function idOf({ vendorId, deviceId }: PciDevice): string {
  return `${vendorId}:${deviceId}`;
}

function unknownDevices(devices: readonly PciAddress[], pci: readonly PciDevice[]): readonly Cause[] {
  return devices
    .filter((address) => !pci.some((device) => device.address === address))
    .map((address) => ({
      reason: 'FieldValueNotFound',
      field: 'devices',
      message: `There is no PCI device at ${address}.`,
      fix: 'See which there are with: virtdeck devices',
    }));
}

function neededFor(address: PciAddress, { kind, detail }: HostUse): string {
  switch (kind) {
    case 'screen':
      return `This computer needs ${address} for its screen.`;
    case 'disk':
      return `This computer needs ${address} for the disk of ${detail}.`;
    case 'network':
      return `This computer needs ${address} for the way to the network by ${detail}.`;
    case 'audio':
      return `This computer needs ${address} for the sound of ${detail}.`;
  }
}

function hostDevices(devices: readonly PciDevice[]): readonly Cause[] {
  return devices.flatMap(({ address, hostUses }) =>
    hostUses.filter(isVital).map((use) => ({
      reason: 'DeviceInUseByHost',
      field: 'devices',
      message: neededFor(address, use),
      fix: 'Pick a device of another group.',
    })),
  );
}

interface WishedFile {
  readonly file?: PreparationFile;
  readonly text?: string;
  readonly remark?: string;
}

function filesOf({ metadata, spec }: MachineConfig): readonly WishedFile[] {
  return (spec.config?.storage?.files ?? []).map((given) => fileOf(metadata.name, given));
}

function fileOf(name: string, { path, contents }: IgnitionFile): WishedFile {
  const file = honouredFiles.find((one) => preparationFiles[one] === path);
  if (file === undefined) return { remark: `${path} of MachineConfig ${name} has no effect here.` };
  const text = dataUrlText(contents?.source ?? '');
  if (text === undefined || (contents?.compression ?? '') !== '') {
    return { remark: `The contents of ${path} of MachineConfig ${name} are not read: write them as a data: URL without compression.` };
  }
  return { file, text: text === '' || text.endsWith('\n') ? text : `${text}\n` };
}
