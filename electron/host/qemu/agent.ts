// Owns the guest agent of one machine: whether it is there, and what it tells when it appears.
// Must not poll: it asks when the guest opens its port, a few times more while addresses are still missing, and when told to.
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import type { GuestInterface, GuestOsInfo, SecureBootReport } from '../../core/facts.ts';
import { agentChannel } from './agent-channel.ts';
import { askSecureBoot } from './agent-secure-boot.ts';
import { isJsonArray, isJsonObject, textOf } from './json-lines.ts';

export interface GuestAgent {
  /** Throws AgentUnavailable when the guest has no agent, or it does not answer. Default limit 5 s. */
  execute(command: string, args?: JsonObject, timeoutMs?: number): Promise<Json>;
  /** Whether a program in the guest holds the port open. */
  setPortOpen(open: boolean): void;
  close(): void;
}

export interface AgentListener {
  readonly onConnected: (connected: boolean) => void;
  readonly onInterfaces: (interfaces: readonly GuestInterface[]) => void;
  readonly onOs: (os: GuestOsInfo) => void;
  readonly onSecureBoot: (report: SecureBootReport) => void;
}

const commandTimeoutMs = 5_000;
/** An agent that was just started may be slow on a busy emulated guest. */
const firstTimeoutMs = 20_000;
/** DHCP comes after the agent on most systems. */
const addressRetriesMs = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000] as const;

export function guestAgent(socketPath: string, listener: AgentListener): GuestAgent {
  const channel = agentChannel(socketPath);
  let open = false;
  let generation = 0;
  let retry: NodeJS.Timeout | undefined;

  const execute = async (command: string, args?: JsonObject, timeoutMs = commandTimeoutMs): Promise<Json> => {
    if (!open)
      throw new AppError('AgentUnavailable', 'The guest agent does not run in the guest. Install and start qemu-guest-agent there.');
    return await channel.ask(command, args, timeoutMs);
  };

  const askAddresses = async (mine: number, attempt: number): Promise<void> => {
    const interfaces = guestInterfaces(await execute('guest-network-get-interfaces', undefined, firstTimeoutMs));
    if (mine !== generation) return;
    listener.onInterfaces(interfaces);
    const wait = addressRetriesMs[attempt];
    if (wait === undefined || interfaces.some(({ ipAddresses }) => ipAddresses.some(isRoutable))) return;
    retry = setTimeout(() => void tolerate(() => askAddresses(mine, attempt + 1)), wait);
    retry.unref();
  };

  const askOs = async (mine: number): Promise<void> => {
    const os = await execute('guest-get-osinfo', undefined, firstTimeoutMs);
    const host = await execute('guest-get-host-name').catch(() => null);
    if (mine === generation) listener.onOs(guestOs(os, host));
  };

  const greet = async (mine: number): Promise<void> => {
    await execute('guest-ping', undefined, firstTimeoutMs);
    if (mine !== generation) return;
    listener.onConnected(true);
    await tolerate(() => askOs(mine));
    await tolerate(() => askAddresses(mine, 0));
    await tolerate(async () => {
      const report = await askSecureBoot(execute);
      if (report !== undefined && mine === generation) listener.onSecureBoot(report);
    });
  };

  return {
    execute,
    setPortOpen: (now) => {
      if (now === open) return;
      open = now;
      generation += 1;
      clearTimeout(retry);
      channel.forgetSync();
      const mine = generation;
      if (now) void tolerate(() => greet(mine));
      else listener.onConnected(false);
    },
    close: () => {
      open = false;
      generation += 1;
      clearTimeout(retry);
      channel.close();
    },
  };
}

/** An agent that goes away while it is asked, or was built without a command, is no failure of ours. */
async function tolerate(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** Without the loopback; addresses as KubeVirt reports them, IPv4 first. */
export function guestInterfaces(answer: Json): readonly GuestInterface[] {
  if (!isJsonArray(answer)) return [];
  return answer.filter(isJsonObject).flatMap((row) => {
    const name = textOf(row['name']);
    if (name === undefined || name === 'lo') return [];
    const addresses = isJsonArray(row['ip-addresses']) ? row['ip-addresses'].filter(isJsonObject) : [];
    const ofType = (type: string): readonly string[] =>
      addresses.filter((address) => address['ip-address-type'] === type).flatMap((address) => textOf(address['ip-address']) ?? []);
    return [{ interfaceName: name, mac: textOf(row['hardware-address']) ?? '', ipAddresses: [...ofType('ipv4'), ...ofType('ipv6')] }];
  });
}

function isRoutable(address: string): boolean {
  return !/^(?:fe80:|169\.254\.)/i.test(address);
}

export function guestOs(osinfo: Json, hostName: Json): GuestOsInfo {
  const info = isJsonObject(osinfo) ? osinfo : {};
  const entries = {
    id: textOf(info['id']),
    name: textOf(info['name']),
    version: textOf(info['version']),
    versionId: textOf(info['version-id']),
    prettyName: textOf(info['pretty-name']),
    kernelRelease: textOf(info['kernel-release']),
    kernelVersion: textOf(info['kernel-version']),
    machine: textOf(info['machine']),
    hostname: isJsonObject(hostName) ? textOf(hostName['host-name']) : undefined,
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}
