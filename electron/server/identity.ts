// Owns who a caller is: role and name, as a client certificate or a secret of ours says.
// Must not decide what a role may do; the router does.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Role, roleOfGroups } from '../api/certificates.ts';

export interface Identity {
  readonly role: Role;
  readonly user: string;
  readonly groups: readonly string[];
}

/** Whoever can open the unix socket, or has the window before them. */
export const owner: Identity = { role: 'admin', user: 'owner', groups: ['virtdeck:admin'] };

/** What TLS found out about the other end of a connection. */
export type Presented =
  | { readonly type: 'none' }
  /** Chain, purpose or time were not right. */
  | { readonly type: 'untrusted'; readonly why: string }
  | { readonly type: 'identity'; readonly identity: Identity; readonly notAfterMs: number };

/** OpenSSL has checked the chain and the purpose at the handshake; a connection may outlive the certificate it began with. */
export function presentedBy(socket: Socket): Presented {
  if (!(socket instanceof TLSSocket)) return { type: 'none' };
  // An empty object when the client sent none.
  const peer = socket.getPeerCertificate();
  if (Object.keys(peer).length === 0) return { type: 'none' };
  if (!socket.authorized) return { type: 'untrusted', why: String(socket.authorizationError) };
  const groups = [peer.subject.O ?? []].flat();
  const role = roleOfGroups(groups);
  const [user] = [peer.subject.CN ?? []].flat();
  if (role === undefined || user === undefined) return { type: 'untrusted', why: 'it names no role of this program' };
  return { type: 'identity', identity: { role, user, groups }, notAfterMs: Date.parse(peer.valid_to) };
}
