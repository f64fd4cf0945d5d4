// Owns reading what a machine says of viewers that are not ours: where VNC listens with TLS, and which Secret holds its password.
// Must not decide whether the port is free.
import { annotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { isIpv4 } from '../validate/network/ports.ts';

export interface ViewerListener {
  /** IPv4 address of this computer, or `::1`. */
  readonly address: string;
  readonly port: number;
}

/** QEMU counts displays from this port on. */
export const firstVncPort = 5900;

export const viewerField = `metadata.annotations[${annotations.vncListen}]`;
export const viewerSecretField = `metadata.annotations[${annotations.vncSecret}]`;

/** Undefined when the machine does not ask for it, `malformed` when nobody can say what it asks for. */
export function viewerListenerOf({ metadata }: Pick<VirtualMachineInstance, 'metadata'>): ViewerListener | 'malformed' | undefined {
  const text = metadata.annotations?.[annotations.vncListen];
  if (text === undefined) return undefined;
  const [, six, four, digits] = /^(?:(?:\[([0-9a-f:]+)\]|([\d.]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const address = six ?? four ?? '127.0.0.1';
  const isAddress = isIpv4(address) || address === '::1' || address === '::';
  return isAddress && port >= firstVncPort && port <= 65_535 ? { address, port } : 'malformed';
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** Ports to look at before the plan is made. */
export function viewerPorts(vmi: Pick<VirtualMachineInstance, 'metadata'>): readonly number[] {
  const listener = viewerListenerOf(vmi);
  return listener === undefined || listener === 'malformed' ? [] : [listener.port];
}
