// Owns what is due: which certificate is issued next, what is forgotten, and when to look again.
// Must not issue anything.
import type { ServerName } from '../../api/certificates.ts';
import type { CertDurations, CertLife } from './cert-config.ts';
import type { AuthorityFact, CertificateFacts, ServerFact } from './certificate-facts.ts';

export interface Life {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export type RenewalStep =
  | { readonly type: 'forgetAuthority'; readonly serialNumber: string }
  | { readonly type: 'issueAuthority'; readonly life: Life }
  | { readonly type: 'issueServer'; readonly name: ServerName; readonly life: Life; readonly hosts: readonly string[] };

export interface RenewalWish {
  readonly durations: CertDurations;
  /** Names and addresses that the server certificates must be good for. */
  readonly hosts: readonly string[];
  readonly servers: readonly ServerName[];
  /** Issue it, due or not. A new authority takes the servers along. */
  readonly force?: 'authority' | 'servers';
}

// renewBefore may equal duration, and by the letter of it a certificate would then be due for ever.
const shortestUseMs = 300_000;

/** Everything that is due now, in order. A server's certificate comes after the authority that will sign it. */
export function dueSteps(facts: CertificateFacts, wish: RenewalWish, nowMs: number): readonly RenewalStep[] {
  const { durations } = wish;
  const expired = facts.authorities.filter(({ notAfterMs }) => notAfterMs <= nowMs);
  const signer = signerOf(facts, nowMs);
  const isDue = wish.force === 'authority' || signer === undefined || renewAtMs(signer, durations.ca) <= nowMs;
  // The steps are taken one after the other: what a new authority signs is seen when it is there.
  const authority: readonly RenewalStep[] = isDue ? [{ type: 'issueAuthority', life: lifeFrom(nowMs, durations.ca.duration) }] : [];
  const servers = signer === undefined ? [] : wish.servers.flatMap((name) => serverStep({ name, facts, wish, signer, nowMs }));
  return [...expired.map(({ serialNumber }): RenewalStep => ({ type: 'forgetAuthority', serialNumber })), ...authority, ...servers];
}

/** When something will be due if nothing changes; undefined without certificates. */
export function nextDueAtMs(facts: CertificateFacts, wish: RenewalWish, nowMs: number): number | undefined {
  const signer = signerOf(facts, nowMs);
  const moments = [
    ...facts.authorities.map(({ notAfterMs }) => notAfterMs),
    ...(signer === undefined ? [] : [renewAtMs(signer, wish.durations.ca)]),
    ...facts.servers.filter((server) => gains(server, signer)).map((server) => renewAtMs(server, wish.durations.server)),
  ];
  return moments.length === 0 ? undefined : Math.min(...moments);
}

/** The newest that can sign and has not expired. */
export function signerOf({ authorities }: CertificateFacts, nowMs: number): AuthorityFact | undefined {
  return authorities.findLast(({ canSign, notAfterMs }) => canSign && notAfterMs > nowMs);
}

/** A duration that was shortened since counts from the issue on; one that was lengthened, from the next certificate on. */
export function renewAtMs({ notBeforeMs, notAfterMs }: Life, { duration, renewBefore }: CertLife<number>): number {
  const endsAtMs = Math.min(notAfterMs, notBeforeMs + duration);
  return Math.max(endsAtMs - renewBefore, notBeforeMs + shortestUseMs);
}

interface ServerQuestion {
  readonly name: ServerName;
  readonly facts: CertificateFacts;
  readonly wish: RenewalWish;
  readonly signer: AuthorityFact;
  readonly nowMs: number;
}

function serverStep({ name, facts, wish, signer, nowMs }: ServerQuestion): readonly RenewalStep[] {
  const { durations, hosts } = wish;
  const server = facts.servers.find((one) => one.name === name);
  const stands =
    wish.force !== 'servers' &&
    server !== undefined &&
    server.notAfterMs > nowMs &&
    server.authority === signer.serialNumber &&
    hosts.every((host) => server.hosts.includes(host)) &&
    (renewAtMs(server, durations.server) > nowMs || !gains(server, signer));
  if (stands) return [];
  // A certificate that outlives its authority is worth nothing from then on.
  const { notBeforeMs, notAfterMs } = lifeFrom(nowMs, durations.server.duration);
  return [{ type: 'issueServer', name, hosts, life: { notBeforeMs, notAfterMs: Math.min(notAfterMs, signer.notAfterMs) } }];
}

/** One that ends with its authority gains nothing by being issued again: the next authority's is the cure. */
function gains(server: ServerFact, signer: AuthorityFact | undefined): boolean {
  return signer === undefined || server.notAfterMs < signer.notAfterMs;
}

/** X.509 counts in seconds. */
function lifeFrom(nowMs: number, durationMs: number): Life {
  const notBeforeMs = Math.floor(nowMs / 1000) * 1000;
  return { notBeforeMs, notAfterMs: notBeforeMs + Math.floor(durationMs / 1000) * 1000 };
}
