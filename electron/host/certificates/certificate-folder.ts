// Owns the folder with certificates and keys: what lies in it, and changing it so that a reader sees all of a change or nothing.
// Must not decide what is due. Folders are 0700, files 0600.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { serverNames, type ServerName } from '../../api/certificates.ts';
import type { AuthorityFact, CertificateFacts, ServerFact } from '../../core/certificates/certificate-facts.ts';
import { errnoOf } from '../errno.ts';
import { writePrivateFile } from '../private-file.ts';
import type { Signer } from './x509.ts';

/** An authority, oldest first in lists. `crosses`: certificates that lead from older authorities to this one. */
export interface StoredAuthority {
  readonly fact: AuthorityFact;
  readonly certificate: string;
  /** Undefined when it is missing or not the certificate's. */
  readonly key: string | undefined;
  readonly crosses: readonly string[];
}

export interface StoredServer {
  readonly fact: ServerFact;
  readonly certificate: string;
  readonly key: string;
}

/** Names that QEMU's `tls-creds-x509,dir=` looks for. */
const files = { authorities: 'ca-cert.pem', certificate: 'server-cert.pem', key: 'server-key.pem' } as const;
const bundleName = 'ca-bundle.crt';

export interface CertificateFolder {
  /** With every authority that is trusted: kubeconfigs point at it. */
  readonly bundlePath: string;
  /** For QEMU; a link that is turned to the newest at each renewal. */
  serverDir(name: ServerName): string;
  authorities(): Promise<readonly StoredAuthority[]>;
  server(name: ServerName): Promise<StoredServer | undefined>;
  facts(): Promise<CertificateFacts>;
  addAuthority(serialNumber: string, files: AuthorityFiles): Promise<void>;
  removeAuthority(serialNumber: string): Promise<void>;
  putServer(name: ServerName, files: ServerFiles): Promise<void>;
}

export interface AuthorityFiles extends Signer {
  readonly crosses: readonly string[];
}

export interface ServerFiles {
  readonly serialNumber: string;
  /** The server's own first, then what leads to older authorities. */
  readonly chain: string;
  readonly key: string;
}

export function certificateFolder(root: string): CertificateFolder {
  const authoritiesDir = path.join(root, 'authorities');
  const serversDir = path.join(root, 'servers');
  const folder: CertificateFolder = {
    bundlePath: path.join(root, bundleName),
    serverDir: (name) => path.join(serversDir, name),
    async authorities() {
      const names = (await namesIn(authoritiesDir)).filter((name) => !name.startsWith('.'));
      const found = await Promise.all(names.toSorted().map((name) => readAuthority(path.join(authoritiesDir, name))));
      return found.filter((authority) => authority !== undefined);
    },
    async server(name) {
      return readServer(name, path.join(serversDir, name), await folder.authorities());
    },
    async facts() {
      const authorities = await folder.authorities();
      const servers = await Promise.all(serverNames.map((name) => readServer(name, path.join(serversDir, name), authorities)));
      return {
        authorities: authorities.map(({ fact }) => fact),
        servers: servers.flatMap((server) => (server === undefined ? [] : [server.fact])),
      };
    },
    async addAuthority(serialNumber, { certificate, key, crosses }) {
      await mkdir(authoritiesDir, { recursive: true, mode: 0o700 });
      const number = Math.max(0, ...(await namesIn(authoritiesDir)).map((name) => Number.parseInt(name, 10) || 0)) + 1;
      // Two may be issued in one second, which is as fine as their times are: the number keeps their order.
      await becomeFolder(path.join(authoritiesDir, `${String(number).padStart(8, '0')}-${serialNumber}`), {
        'ca.crt': certificate,
        'ca.key': key,
        ...Object.fromEntries(crosses.map((cross, index) => [`cross-${index}.crt`, cross])),
      });
      await writeBundle(folder);
    },
    async removeAuthority(serialNumber) {
      const names = (await namesIn(authoritiesDir)).filter((name) => name.endsWith(`-${serialNumber}`));
      await Promise.all(names.map((name) => rm(path.join(authoritiesDir, name), { recursive: true, force: true })));
      await writeBundle(folder);
    },
    async putServer(name, { serialNumber, chain, key }) {
      const target = `${name}-${serialNumber}`;
      await mkdir(serversDir, { recursive: true, mode: 0o700 });
      const bundle = await readFile(folder.bundlePath, 'utf8');
      await becomeFolder(path.join(serversDir, target), { [files.authorities]: bundle, [files.certificate]: chain, [files.key]: key });
      const link = path.join(serversDir, name);
      const before = await linkTarget(link);
      const fresh = `${link}.${process.pid}.new`;
      await rm(fresh, { force: true });
      await symlink(target, fresh);
      await rename(fresh, link);
      if (before !== undefined && before !== target) await rm(path.join(serversDir, before), { recursive: true, force: true });
    },
  };
  return folder;
}

/** Newest first: the one that most certificates are of. */
async function writeBundle(folder: CertificateFolder): Promise<void> {
  const authorities = await folder.authorities();
  await writePrivateFile(
    folder.bundlePath,
    authorities
      .toReversed()
      .map(({ certificate }) => certificate)
      .join(''),
  );
}

async function becomeFolder(target: string, content: Readonly<Record<string, string>>): Promise<void> {
  const draft = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.new`);
  await rm(draft, { recursive: true, force: true });
  try {
    await mkdir(draft, { mode: 0o700 });
    for (const [name, text] of Object.entries(content)) await writeFile(path.join(draft, name), text, { mode: 0o600 });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** What cannot be read as a certificate is not there: a new one takes its place. */
async function readAuthority(dir: string): Promise<StoredAuthority | undefined> {
  const certificate = await textOf(path.join(dir, 'ca.crt'));
  const parsed = parse(certificate);
  if (certificate === undefined || parsed === undefined) return undefined;
  const key = await textOf(path.join(dir, 'ca.key'));
  const usable = key !== undefined && isKeyOf(parsed, key) ? key : undefined;
  const crossNames = (await namesIn(dir)).filter((name) => name.startsWith('cross-'));
  const crosses = await Promise.all(crossNames.map((name) => textOf(path.join(dir, name))));
  return {
    fact: { ...issuedFact(parsed), canSign: usable !== undefined },
    certificate,
    key: usable,
    crosses: crosses.filter((cross) => cross !== undefined && parse(cross) !== undefined) as readonly string[],
  };
}

async function readServer(name: ServerName, dir: string, authorities: readonly StoredAuthority[]): Promise<StoredServer | undefined> {
  const [certificate, key] = await Promise.all([textOf(path.join(dir, files.certificate)), textOf(path.join(dir, files.key))]);
  const parsed = parse(certificate);
  if (certificate === undefined || key === undefined || parsed === undefined || !isKeyOf(parsed, key)) return undefined;
  const signer = authorities.find((authority) => {
    const issuer = new X509Certificate(authority.certificate);
    return parsed.checkIssued(issuer) && parsed.verify(issuer.publicKey);
  });
  if (signer === undefined) return undefined;
  return { fact: { name, ...issuedFact(parsed), authority: signer.fact.serialNumber, hosts: hostsOf(parsed) }, certificate, key };
}

function issuedFact(certificate: X509Certificate): Pick<AuthorityFact, 'serialNumber' | 'notBeforeMs' | 'notAfterMs' | 'fingerprint'> {
  return {
    serialNumber: certificate.serialNumber.toLowerCase(),
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
    fingerprint: certificate.fingerprint256,
  };
}

/** `DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1`; the long form of IPv6 is made short again. */
function hostsOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return subjectAltName
    .split(', ')
    .map((part) => part.replace(/^(?:DNS|IP Address):/, ''))
    .map((host) => (host.includes(':') ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host));
}

function isKeyOf(certificate: X509Certificate, pem: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem));
  } catch {
    return false;
  }
}

function parse(pem: string | undefined): X509Certificate | undefined {
  if (pem === undefined) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(missing);
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return (await readdir(dir).catch(missing)) ?? [];
}

async function linkTarget(link: string): Promise<string | undefined> {
  return readlink(link).catch(missing);
}

function missing(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
  throw error;
}
