// Owns reading what kernel and firmware say of the IOMMU.
// Must not judge it; core/devices/readiness.ts does.
import type { IommuFact } from '../../api/host-devices.ts';
import { defined } from './pci.ts';
import type { Sysfs } from './sysfs.ts';

export async function readIommu(sysfs: Sysfs): Promise<IommuFact> {
  const [units, dmar, ivrs, unsafe, cmdline, cpuinfo, vfioPci, interruptRemapping] = await Promise.all([
    sysfs.names('/sys/class/iommu'),
    sysfs.has('/sys/firmware/acpi/tables/DMAR'),
    sysfs.has('/sys/firmware/acpi/tables/IVRS'),
    sysfs.text('/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts'),
    sysfs.text('/proc/cmdline'),
    sysfs.text('/proc/cpuinfo'),
    readVfioPci(sysfs),
    readInterruptRemapping(sysfs),
  ]);
  const vendor = /^vendor_id\s*:\s*(\S+)/m.exec(cpuinfo ?? '')?.[1];
  return {
    units,
    ...defined({ firmwareTable: dmar ? ('DMAR' as const) : ivrs ? ('IVRS' as const) : undefined, interruptRemapping }),
    allowUnsafeInterrupts: unsafe === 'Y',
    acsOverride: /(?:^|\s)pcie_acs_override=/.test(cmdline ?? ''),
    cpuVendor: vendor === 'GenuineIntel' ? 'intel' : vendor === 'AuthenticAMD' ? 'amd' : 'other',
    cmdline: cmdline ?? '',
    vfioPci,
  };
}

/** Remapped interrupts are named so by the kernel (`IR-PCI-MSI`); before any is, Intel's hardware tells whether it could. */
async function readInterruptRemapping(sysfs: Sysfs): Promise<boolean | undefined> {
  const interrupts = await sysfs.text('/proc/interrupts');
  if (interrupts !== undefined && /\s(?:DMAR-)?IR-/.test(interrupts)) return true;
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
