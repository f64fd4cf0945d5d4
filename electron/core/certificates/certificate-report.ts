// Owns what is told of the certificates: the report in HyperConverged's status.
// Must not tell what only the folder should know.
import type { CertificateReport } from '../../api/certificates.ts';
import { timestamp } from '../status/conditions.ts';
import type { CertDurations } from './cert-config.ts';
import type { CertificateFacts } from './certificate-facts.ts';
import { renewAtMs, signerOf } from './renewal.ts';

export function certificateReport(facts: CertificateFacts, durations: CertDurations, nowMs: number): CertificateReport {
  const signer = signerOf(facts, nowMs);
  return {
    authorities: facts.authorities.map((authority) => ({
      serialNumber: authority.serialNumber,
      notBefore: timestamp(authority.notBeforeMs),
      notAfter: timestamp(authority.notAfterMs),
      fingerprint: authority.fingerprint,
      signs: authority === signer,
      ...(authority === signer ? { renewAt: timestamp(renewAtMs(authority, durations.ca)) } : {}),
    })),
    servers: facts.servers.map((server) => ({
      name: server.name,
      authority: server.authority,
      serialNumber: server.serialNumber,
      notBefore: timestamp(server.notBeforeMs),
      notAfter: timestamp(server.notAfterMs),
      renewAt: timestamp(Math.min(renewAtMs(server, durations.server), server.notAfterMs)),
      hosts: server.hosts,
      fingerprint: server.fingerprint,
    })),
  };
}
