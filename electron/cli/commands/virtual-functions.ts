// Owns `virtdeck devices functions`: how many virtual functions a card has.
// Must not judge; the API does, with every reason.
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export async function setVirtualFunctions(session: Session, address: string, text: string): Promise<void> {
  if (!/^\d+$/.test(text)) throw new UsageError(`the count is a number, not "${text}"`);
  const path = `/apis/virtdeck.io/v1alpha1/host-devices/${encodeURIComponent(address)}/virtual-functions`;
  await session.home.request({ method: 'PUT', path, body: { count: Number(text) } });
  session.print(`${address}: ${text} virtual functions, until this computer restarts.`);
}
