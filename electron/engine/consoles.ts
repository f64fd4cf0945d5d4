// Owns the ways to look into a machine: serial and graphics channels, pictures, the serial log, the guest agent's answers.
// Must not know who looks.
import type { ByteChannel } from '../api/channel.ts';
import { AppError } from '../api/errors.ts';
import type { Evidence } from '../api/evidence.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { Json, ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { ConsoleName, ConsoleViewers } from '../api/verbs.ts';
import { stateOwnerOf } from '../core/reconcile/vmi-of-vm.ts';
import { guestAgentInfo, guestFilesystems, guestUsers } from '../core/status/guest-agent-answers.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { notFound } from './removal.ts';
import { read } from './typed.ts';
import { guestOf } from './verbs.ts';

export type AgentSubresource = 'guestosinfo' | 'userlist' | 'filesystemlist';

/** KubeVirt ends the first console when a second one comes. Here both go on: a tab that is detached into a window must not tear the first one. */
export async function openConsole(context: EngineContext, name: ConsoleName, key: ObjectKey): Promise<ByteChannel> {
  const vmi = instanceOf(context, key);
  return context.viewers.counted(vmi.metadata.uid, name, await channelOf(context, name, vmi));
}

async function channelOf(context: EngineContext, name: ConsoleName, vmi: VirtualMachineInstance): Promise<ByteChannel> {
  const { devices } = vmi.spec.domain;
  switch (name) {
    case 'console':
      if (devices.autoattachSerialConsole === false) throw new AppError('BadRequest', 'No serial consoles are present.');
      return guestOf(context, vmi).machine.openSerial({ replay: true });
    case 'vnc':
      if (devices.autoattachGraphicsDevice === false) throw new AppError('BadRequest', 'No graphics devices are present.');
      return guestOf(context, vmi).machine.openVnc();
  }
}

/** Throws NotFound. */
export function watchViewers(context: EngineContext, key: ObjectKey, listener: (viewers: ConsoleViewers) => void): () => void {
  return context.viewers.watch(instanceOf(context, key).metadata.uid, listener);
}

/** Of the running machine; else the last one that was kept. */
export async function screenshot(context: EngineContext, key: ObjectKey): Promise<Uint8Array> {
  const vmi = read(context.store, { ...key, resource: resources.virtualMachineInstances });
  const running = vmi === undefined ? undefined : context.machines.get(vmi.metadata.uid);
  if (running !== undefined) return running.machine.screenshot();
  const kept = await context.host.machines.lastScreenshot(stateOwner(context, key));
  if (kept === undefined) throw new AppError('NotFound', `The machine ${key.name} does not run, and no picture of it was kept.`);
  return kept;
}

export async function serialLog(context: EngineContext, key: ObjectKey): Promise<Uint8Array> {
  const log = await context.host.machines.serialLog(stateOwner(context, key));
  if (log === undefined) throw new AppError('NotFound', `The machine ${key.name} has not printed anything on its serial console yet.`);
  return log;
}

/** What was kept of this machine's failures, oldest first. */
export async function evidence(context: EngineContext, key: ObjectKey): Promise<readonly Evidence[]> {
  return context.host.machines.evidence(stateOwner(context, key));
}

export async function evidenceScreenshot(context: EngineContext, key: ObjectKey, id: string): Promise<Uint8Array> {
  const picture = await context.host.machines.evidenceScreenshot(stateOwner(context, key), id);
  if (picture === undefined) throw new AppError('NotFound', `There is no picture of ${id}.`);
  return picture;
}

/** KubeVirt's VirtualMachineInstanceGuestAgentInfo, …GuestOSUserList and …FileSystemList. Throws Conflict without an agent. */
export async function askGuestAgent(context: EngineContext, subresource: AgentSubresource, key: ObjectKey): Promise<Json> {
  const found = guest(context, key);
  if (!found.agentConnected) {
    throw new AppError(
      'AgentUnavailable',
      `Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "${key.name}": VMI does not have guest agent connected`,
    );
  }
  const { machine } = found;
  const list = (kind: string, items: readonly Json[]): Json => ({ kind, apiVersion: 'subresources.kubevirt.io/v1', metadata: {}, items });
  switch (subresource) {
    case 'userlist':
      return list('VirtualMachineInstanceGuestOSUserList', guestUsers(await machine.agent('guest-get-users')));
    case 'filesystemlist':
      return list('VirtualMachineInstanceFileSystemList', guestFilesystems(await machine.agent('guest-get-fsinfo')));
    case 'guestosinfo': {
      const [info, hostname, os, timezone, users, filesystems] = [
        await ifKnown(found, 'guest-info'),
        await ifKnown(found, 'guest-get-host-name'),
        await ifKnown(found, 'guest-get-osinfo'),
        await ifKnown(found, 'guest-get-timezone'),
        await ifKnown(found, 'guest-get-users'),
        await ifKnown(found, 'guest-get-fsinfo'),
      ];
      return guestAgentInfo({ info, hostname, os, timezone, users, filesystems });
    }
  }
}

/** Old agents, and those of other systems, know fewer commands, or are told not to answer them. */
async function ifKnown({ machine }: Guest, command: string): Promise<Json> {
  try {
    return await machine.agent(command);
  } catch (error) {
    if (error instanceof AppError && error.code === 'QmpFailed') return null;
    throw error;
  }
}

function guest(context: EngineContext, key: ObjectKey): Guest {
  return guestOf(context, instanceOf(context, key));
}

function instanceOf({ store }: EngineContext, key: ObjectKey): VirtualMachineInstance {
  const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi === undefined) throw notFound({ ...key, resource: resources.virtualMachineInstances });
  return vmi;
}

/** Of a machine, or of a run that no machine owns. */
function stateOwner({ store }: EngineContext, key: ObjectKey): string {
  const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi !== undefined) return stateOwnerOf(vmi);
  const vm = read(store, { ...key, resource: resources.virtualMachines });
  if (vm === undefined) throw notFound(key);
  return vm.metadata.uid;
}
