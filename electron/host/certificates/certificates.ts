// Owns the certificates of this computer behind the engine's port: issuing what was decided, and handing out what TLS servers need.
// Must not decide what is due.
import { X509Certificate } from 'node:crypto';
import path from 'node:path';
import { groupOfRole } from '../../api/certificates.ts';
import { AppError } from '../../api/errors.ts';
import type { CertificatePort } from '../../engine/ports.ts';
import { certificateFolder, type StoredAuthority } from './certificate-folder.ts';
import { authorityCertificate, clientCertificate, crossCertificate, newKeyPair, serverCertificate, type Signer } from './x509.ts';

export function createCertificates(dataDir: string): CertificatePort {
  const folder = certificateFolder(path.join(dataDir, 'certificates'));

  /** The newest that can sign. */
  const newestSigner = async (): Promise<StoredAuthority & Signer> => {
    const found = (await folder.authorities()).findLast(({ key }) => key !== undefined);
    if (found?.key === undefined) throw new AppError('ServiceUnavailable', 'There is no certificate authority that can sign.');
    return { ...found, key: found.key };
  };

  return {
    bundlePath: folder.bundlePath,
    vncDir: folder.serverDir('vnc'),
    facts: () => folder.facts(),
    async issueAuthority(life) {
      const keys = newKeyPair();
      const { certificate, serialNumber } = await authorityCertificate(keys, life);
      const crosses: string[] = [];
      for (const old of await folder.authorities()) {
        if (old.key === undefined || old.fact.notAfterMs <= life.notBeforeMs) continue;
        const validity = { notBeforeMs: life.notBeforeMs, notAfterMs: Math.min(old.fact.notAfterMs, life.notAfterMs) };
        const signer = { certificate: old.certificate, key: old.key };
        crosses.push((await crossCertificate(certificate, { signer, validity })).certificate);
      }
      await folder.addAuthority(serialNumber, { certificate, key: keys.privatePem, crosses });
    },
    forgetAuthority: (serialNumber) => folder.removeAuthority(serialNumber),
    async issueServer({ name, hosts, life }) {
      const signer = await newestSigner();
      const keys = newKeyPair();
      const { certificate, serialNumber } = await serverCertificate(keys.publicPem, signer, {
        commonName: `virtdeck ${name}`,
        hosts,
        validity: life,
      });
      const crosses = signer.crosses.filter((cross) => new X509Certificate(cross).validToDate.getTime() > life.notBeforeMs);
      await folder.putServer(name, { serialNumber, chain: [certificate, ...crosses].join(''), key: keys.privatePem });
    },
    async issueClient({ publicKey, user, role, life }) {
      const signer = await newestSigner();
      const validity = { ...life, notAfterMs: Math.min(life.notAfterMs, signer.fact.notAfterMs) };
      const { certificate } = await clientCertificate(publicKey, signer, { user, group: groupOfRole[role], validity });
      return { certificate, notAfterMs: validity.notAfterMs };
    },
    async material(name) {
      const [server, authorities] = await Promise.all([folder.server(name), folder.authorities()]);
      if (server === undefined) return undefined;
      const trusted = authorities.map(({ certificate }) => certificate).join('');
      return { certificate: server.certificate, key: server.key, authorities: trusted };
    },
  };
}
