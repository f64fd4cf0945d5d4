// Owns reading what kernel and firmware say of the IOMMU.
// Must not judge it; core/devices/readiness.ts does.
import type { IommuFact } from '../../api/host-devices.ts';
import { defined } from './pci.ts';
import type { Sysfs } from './sysfs.ts';

export async function readIommu(sysfs: Sysfs): Promise<IommuFact> {
  const cmdline = (await sysfs.text('/proc/cmdline')) ?? '';
  const [units, dmar, ivrs, allowUnsafeInterrupts, cpuinfo, vfioPci] = await Promise.all([
    sysfs.names('/sys/class/iommu'),
    sysfs.has('/sys/firmware/acpi/tables/DMAR'),
    sysfs.has('/sys/firmware/acpi/tables/IVRS'),
    allowsUnsafeInterrupts(sysfs, cmdline),
    sysfs.text('/proc/cpuinfo'),
    readVfioPci(sysfs),
  ]);
  const vendor = /^vendor_id\s*:\s*(\S+)/m.exec(cpuinfo ?? '')?.[1];
  const cpuVendor = vendor === 'GenuineIntel' ? 'intel' : vendor === 'AuthenticAMD' ? 'amd' : 'other';
  const interruptRemapping = await readInterruptRemapping(sysfs, cpuVendor);
  return {
    units,
    ...defined({ firmwareTable: dmar ? ('DMAR' as const) : ivrs ? ('IVRS' as const) : undefined, interruptRemapping }),
    allowUnsafeInterrupts,
    acsOverride: /(?:^|\s)pcie_acs_override=/.test(cmdline),
    cpuVendor,
    cmdline,
    vfioPci,
  };
}

/** Until the module is loaded, it is what the module will be told: its file of options and then the kernel's line, whose last word counts. */
async function allowsUnsafeInterrupts(sysfs: Sysfs, cmdline: string): Promise<boolean> {
  const loaded = await sysfs.text('/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts');
  if (loaded !== undefined) return loaded === 'Y';
  const folder = '/etc/modprobe.d';
  const names = (await sysfs.names(folder)).filter((name) => name.endsWith('.conf'));
  const files = await Promise.all(names.map(async (name) => (await sysfs.text(`${folder}/${name}`)) ?? ''));
  const options = files.flatMap((text) => text.match(/^\s*options\s+vfio[-_]iommu[-_]type1\s.*$/gm) ?? []);
  const told = [...options.join('\n').matchAll(/\sallow_unsafe_interrupts(?:=(\S*))?/g), ...cmdline.matchAll(unsafeArgument)].at(-1);
  return told !== undefined && /^[yY1]?$/.test(told[1] ?? '');
}

const unsafeArgument = /(?:^|\s)vfio[-_]iommu[-_]type1\.allow_unsafe_interrupts(?:=(\S*))?/g;

/**
 * Remapped interrupts are named so by the kernel: `IR-PCI-MSI` on a PC, `ITS-MSI` on ARM. Before any is, Intel's hardware tells
 * whether it could. Other processors have other words, so that their silence tells nothing.
 */
async function readInterruptRemapping(sysfs: Sysfs, cpuVendor: IommuFact['cpuVendor']): Promise<boolean | undefined> {
  const interrupts = await sysfs.text('/proc/interrupts');
  if (interrupts !== undefined && /\s(?:(?:DMAR-)?IR|ITS)-/.test(interrupts)) return true;
  if (cpuVendor === 'other') return undefined;
  const units = await sysfs.names('/sys/class/iommu');
  const ecaps = await Promise.all(units.map((unit) => sysfs.text(`/sys/class/iommu/${unit}/intel-iommu/ecap`)));
  const known = ecaps.filter((ecap) => ecap !== undefined);
  // Bit 3 of the extended capabilities: interrupt remapping is there.
  if (known.length > 0 && known.every((ecap) => (BigInt(`0x${ecap}`) & 8n) === 0n)) return false;
  if (interrupts !== undefined && units.length > 0) return false;
  return known.length > 0 ? true : undefined;
}

async function readVfioPci(sysfs: Sysfs): Promise<IommuFact['vfioPci']> {
  if (await sysfs.has('/sys/bus/pci/drivers/vfio-pci')) return 'loaded';
  const release = (await sysfs.text('/proc/sys/kernel/osrelease')) ?? '';
  for (const base of ['/lib/modules', '/usr/lib/modules']) {
    for (const file of ['modules.dep', 'modules.builtin']) {
      if (/(?:^|\/)vfio-pci\.ko/m.test((await sysfs.text(`${base}/${release}/${file}`)) ?? '')) return 'available';
    }
  }
  return 'missing';
}
