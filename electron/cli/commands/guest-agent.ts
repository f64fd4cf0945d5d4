// Owns `virtdeck guestosinfo`, `fslist` and `userlist`: printed as virtctl prints them.
// Must not read what the guest says.
import { subresourcePath } from '../resource-names.ts';
import type { Session } from '../session.ts';

const subresources: Readonly<Record<string, string>> = { guestosinfo: 'guestosinfo', fslist: 'filesystemlist', userlist: 'userlist' };

export async function guestAgent(session: Session, verb: string, name: string): Promise<void> {
  const place = { namespace: session.namespace, name };
  const answer = await session.request({ path: subresourcePath('virtualmachineinstances', place, subresources[verb] ?? verb) });
  session.print(JSON.stringify(answer, undefined, 2));
}
