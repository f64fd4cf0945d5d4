// Owns the PCI Express root ports: one for each device that may be plugged in or out.
// Must not place devices; pci.ts gives them their address.
import { jsonOption } from '../args.ts';
import type { Family } from '../fragment.ts';
import type { Argument } from '../launch-plan.ts';
import { maxDiskPorts, maxNetworkPorts, portAddress, portId, portsPerSlot } from '../pci.ts';

// Empty ports for plugging in later. A port costs the guest a bus to scan and a window of addresses, so not all 40 are always
// there; network ports come first and are always these, so that bus numbers, and with them names such as enp1s0, stay.
const networkPorts = 4;
const minDiskPorts = 8;
const spareDiskPorts = 2;

export const pciPortsFamily: Family = ({ spec }) => {
  const { disks = [], interfaces = [] } = spec.domain.devices;
  const wanted = Math.max(minDiskPorts, disks.length + spareDiskPorts);
  const diskPorts = Math.min(maxDiskPorts, Math.ceil(wanted / portsPerSlot) * portsPerSlot);
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
