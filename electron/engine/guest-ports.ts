// Owns opening a port of a guest for a client: when it is allowed, and which way leads there.
// Must not move bytes.
import type { ByteChannel } from '../api/channel.ts';
import { AppError } from '../api/errors.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { guestRoutes } from '../core/qemu/guest-routes.ts';
import { isTrue } from '../core/status/conditions.ts';
import type { EngineContext } from './context.ts';
import { notFound } from './removal.ts';
import { read } from './typed.ts';
import { guestOf } from './verbs.ts';

export interface GuestPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** KubeVirt's checks (pkg/virt-api/rest/portforward.go). Throws NotFound, Conflict, BadRequest or ServiceUnavailable. */
export async function openGuestPort(context: EngineContext, key: ObjectKey, to: GuestPort): Promise<ByteChannel> {
  const vmiKey = { ...key, resource: resources.virtualMachineInstances };
  const vmi = read(context.store, vmiKey);
  if (vmi === undefined) throw notFound(vmiKey);
  const { machine } = guestOf(context, vmi);
  if (isTrue(vmi.status?.conditions, 'Paused')) {
    throw new AppError('Conflict', `Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "${key.name}": VMI is paused`);
  }
  const routes = guestRoutes(vmi);
  if (routes.length === 0) throw new AppError('BadRequest', 'no network interfaces are present');
  return await machine.openPort(routes, to);
}
