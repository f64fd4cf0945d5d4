// Owns a CertificatePort whose certificates are names and times: what is due can be tested without keys.
// Must not be given to a TLS server; tests of that use the real one on a temporary folder.
import { AppError } from '../../electron/api/errors.ts';
import type { CertificateFacts } from '../../electron/core/certificates/certificate-facts.ts';
import type { CertificatePort } from '../../electron/engine/ports.ts';
import type { Gate } from './fake-machines.ts';
import type { FakeWorld } from './fake-world.ts';

export interface FakeCertificates extends CertificatePort {
  /** Issuing throws this from now on; undefined mends it. */
  breaks(sentence: string | undefined): void;
}

interface Kept {
  facts: CertificateFacts;
  issued: number;
  broken: string | undefined;
}

/** Kept with the computer, so that the next core finds them. */
const keptOf = new WeakMap<FakeWorld, Kept>();

export function fakeCertificates(world: FakeWorld, gate: Gate): FakeCertificates {
  const kept = keptOf.get(world) ?? { facts: { authorities: [], servers: [] }, issued: 0, broken: undefined };
  keptOf.set(world, kept);
  const issue = (): { readonly serialNumber: string; readonly fingerprint: string } => {
    if (kept.broken !== undefined) throw new AppError('DiskFull', kept.broken);
    kept.issued += 1;
    return { serialNumber: `${kept.issued}`, fingerprint: `AA:${kept.issued}` };
  };
  return {
    bundlePath: '/fake/certificates/ca-bundle.crt',
    vncDir: '/fake/certificates/servers/vnc',
    breaks: (sentence) => void (kept.broken = sentence),
    facts: () => gate(() => kept.facts),
    issueAuthority: (life) =>
      gate(() => {
        kept.facts = { ...kept.facts, authorities: [...kept.facts.authorities, { ...issue(), ...life, canSign: true }] };
      }),
    forgetAuthority: (serialNumber) =>
      gate(() => {
        kept.facts = { ...kept.facts, authorities: kept.facts.authorities.filter((one) => one.serialNumber !== serialNumber) };
      }),
    issueServer: ({ name, hosts, life }) =>
      gate(() => {
        const authority = kept.facts.authorities.at(-1)?.serialNumber ?? '';
        const others = kept.facts.servers.filter((server) => server.name !== name);
        kept.facts = { ...kept.facts, servers: [...others, { ...issue(), ...life, name, authority, hosts }] };
      }),
    issueClient: ({ user, life }) => gate(() => ({ certificate: `certificate of ${user}`, notAfterMs: life.notAfterMs })),
    material: (name) =>
      gate(() => {
        const server = kept.facts.servers.find((one) => one.name === name);
        return server === undefined
          ? undefined
          : { certificate: `certificate ${server.serialNumber}`, key: 'key', authorities: 'authorities' };
      }),
  };
}
