// Owns setting how many virtual functions a card has.
// Must not judge; core/devices/virtual-functions.ts does.
import { AppError } from '../api/errors.ts';
import { type FunctionsWish, functionsPlan } from '../core/devices/virtual-functions.ts';
import type { EngineContext } from './context.ts';
import { computerKey } from './controllers/node.ts';
import { heldNow } from './device-facts.ts';

/** Throws Invalid with every cause, Forbidden when no administrator agreed, ToolFailed with the program's reason. */
export async function setVirtualFunctions(context: Pick<EngineContext, 'host' | 'store' | 'wake'>, wish: FunctionsWish): Promise<void> {
  const { pci } = await context.host.devices.facts();
  const { steps, causes } = functionsPlan({ pci, held: heldNow(context) }, wish);
  const [first] = causes;
  if (first !== undefined) throw new AppError('Invalid', `The virtual functions of ${wish.address} stay: ${first.message}`, { causes });
  try {
    for (const count of steps) await context.host.devices.setVirtualFunctions(wish.address, count);
  } finally {
    context.wake(computerKey);
  }
}
