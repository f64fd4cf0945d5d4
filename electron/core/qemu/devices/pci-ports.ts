// Owns the PCI Express root ports: one for each device that may be plugged in or out.
// Must not place devices; pci.ts gives them their address.
import { jsonOption } from '../args.ts';
import type { Family } from '../fragment.ts';
import type { Argument } from '../launch-plan.ts';
import { maxDiskPorts, maxNetworkPorts, portAddress, portId, portsPerSlot } from '../pci.ts';

// Empty ports for plugging in later: at least two for disks. Not all 40 are always there, as each is a bus for the guest to scan
// (0.15 s of UEFI under emulation). Network ports come first and are always these, so that their bus numbers stay, and with them
// the names that guests make of them: enp1s0.
const networkPorts = 4;
const spareDiskPorts = 2;
const diskPortStep = 4;

export const pciPortsFamily: Family = ({ spec }) => {
  const { disks = [], interfaces = [] } = spec.domain.devices;
  const diskPorts = Math.min(maxDiskPorts, Math.ceil((disks.length + spareDiskPorts) / diskPortStep) * diskPortStep);
  const count = Math.min(maxNetworkPorts, Math.max(networkPorts, interfaces.length));
  return {
    args: [
      ...Array.from({ length: count }, (_, index) => rootPort('network', index)),
      ...Array.from({ length: diskPorts }, (_, index) => rootPort('disk', index)),
    ],
  };
};

function rootPort(kind: 'network' | 'disk', index: number): Argument {
  // Chassis numbers only have to differ; each kind has its own row, so that a port keeps its number for good.
  const chassis = (kind === 'network' ? 0 : maxNetworkPorts) + index + 1;
  return jsonOption('-device', {
    driver: 'pcie-root-port',
    id: portId(kind, index),
    bus: 'pcie.0',
    addr: portAddress(kind, index),
    // The first function of a slot says that there are more.
    ...(index % portsPerSlot === 0 ? { multifunction: true } : {}),
    chassis,
    port: chassis,
    // There are 64 KiB of I/O ports for all; a window each would run out at 15 ports, and PCI Express needs none.
    'io-reserve': 0,
  });
}
