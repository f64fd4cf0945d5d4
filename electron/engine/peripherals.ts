// Owns looking at the devices that a running QEMU has by name, and on which bus each is.
// Must not change any.
import { AppError } from '../api/errors.ts';
import type { Json } from '../api/object.ts';
import { busOfPath } from '../core/qemu/hotplug.ts';
import { objectsIn } from '../core/qemu/objects-in.ts';
import type { Guest } from './machines.ts';

const place = '/machine/peripheral';

export async function peripherals({ machine }: Guest): Promise<readonly string[]> {
  const answer = await machine.qmp('qom-list', { path: place });
  return objectsIn(answer).flatMap(({ name }) => (typeof name === 'string' && name !== 'type' ? [name] : []));
}

export async function peripheralProperty({ machine }: Guest, id: string, property: string): Promise<Json> {
  return await machine.qmp('qom-get', { path: `${place}/${id}`, property });
}

/** Undefined: it has gone since. */
export async function busOfPeripheral(guest: Guest, id: string): Promise<string | undefined> {
  try {
    const found = await peripheralProperty(guest, id, 'parent_bus');
    return typeof found === 'string' ? busOfPath(found) : undefined;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'QmpFailed') throw error;
    return undefined;
  }
}

/** False when QEMU refuses: it was asked before and is not done, or there is no such thing any more. What is there is looked at next. */
export async function orWasAsked(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'QmpFailed') throw error;
    return false;
  }
}
